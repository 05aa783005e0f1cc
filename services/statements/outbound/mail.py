"""Letters as the gateway takes them: one message to one address, its bytes the same whenever it is repeated.

The logo is an attachment that the HTML names as ``cid:<filename>``, the one form that mail clients show; whoever makes
a MIME message of a mail gives such an attachment that name as its Content-ID (ADR 28).
"""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from email.utils import parseaddr
from functools import cache

import msgspec

from services.statements.outbound.letter import Letter, Letterhead, Sending
from services.statements.outbound.lines_csv import lines_csv
from services.statements.outbound.pdf import write_pdf
from services.statements.outbound.rendering import Rendered, render
from services.statements.outbound.showing import show
from services.statements.outbound.shown import Shown

PDF = "application/pdf"
CSV = "text/csv"


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a mail, its content in base64."""

    filename: str
    content_type: str
    content: str

    @property
    def bytes(self) -> bytes:
        """The file itself."""
        return b64decode(self.content)


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """The body of the gateway's ``POST /send``."""

    from_: str = msgspec.field(name="from")
    to: str
    subject: str
    headers: dict[str, str]
    html: str
    text: str
    attachments: list[Attachment] = []

    def shows(self, attachment: Attachment) -> bool:
        """Whether the HTML shows an attachment as an image: it goes with the HTML, not beside it."""
        return f'"cid:{attachment.filename}"' in self.html


def write_mails(head: Letterhead, letter: Letter, sending: Sending, to: Sequence[tuple[int, str]]) -> list[bytes]:
    """The mails of a letter, one to each (place, address), rendered once."""
    shown = show(letter, head)
    rendered = render(shown, head, f"cid:{head.logo.filename}" if head.logo else None)
    attachments = _attachments(letter, head, shown)
    return [msgspec.json.encode(_mail(head, sending, rendered, attachments, n, address)) for n, address in to]


def read_mail(mail: bytes) -> Mail:
    """A mail from its bytes."""
    return msgspec.json.decode(mail, type=Mail)


def _attachments(letter: Letter, head: Letterhead, shown: Shown) -> list[Attachment]:
    files = []
    if head.logo:
        files.append(_attachment(head.logo.filename, head.logo.content_type, head.logo.content))
    if letter.with_pdf:
        files.append(_attachment(shown.pdf_file, PDF, write_pdf(shown, head)))
    if shown.lines_file:
        files.append(_attachment(shown.lines_file, CSV, lines_csv(letter.statement)))
    return files


def _attachment(filename: str, content_type: str, content: bytes) -> Attachment:
    return Attachment(filename=filename, content_type=content_type, content=b64encode(content).decode())


def _mail(
    head: Letterhead, sending: Sending, rendered: Rendered, attachments: list[Attachment], n: int, address: str
) -> Mail:
    return Mail(
        from_=head.sender,
        to=address,
        subject=rendered.subject,
        headers=headers_of(head, sending, n),
        html=rendered.html,
        text=rendered.text,
        attachments=attachments,
    )


def headers_of(head: Letterhead, sending: Sending, n: int) -> dict[str, str]:
    """What every mail carries, so that it can be found in the send ledger and is the same mail when repeated."""
    return {
        "Message-ID": f"<{sending.delivery_id}.{n}@{_domain_of(head.sender)}>",
        "X-Cascada-Delivery": sending.delivery_id,
        "X-Cascada-Rule": sending.rule_id,
        "X-Cascada-Period": sending.period,
        **({"Reply-To": head.reply_to} if head.reply_to else {}),
    }


@cache
def _domain_of(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2] or "cascada"
