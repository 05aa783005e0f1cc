"""Letters as the gateway takes them: one message to one address, its bytes the same whenever it is repeated."""

from collections.abc import Sequence
from email.utils import parseaddr

import msgspec

from services.statements.outbound.letter import Letter, Letterhead, Sending
from services.statements.outbound.rendering import Rendered, render


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """The body of the gateway's ``POST /send``."""

    from_: str = msgspec.field(name="from")
    to: str
    subject: str
    headers: dict[str, str]
    html: str
    text: str
    attachments: list[dict[str, str]] = []


def write_mails(head: Letterhead, letter: Letter, sending: Sending, to: Sequence[tuple[int, str]]) -> list[bytes]:
    """The mails of a letter, one to each (place, address), rendered once."""
    rendered = render(letter, head)
    return [msgspec.json.encode(_mail(head, sending, rendered, n, address)) for n, address in to]


def read_mail(mail: bytes) -> Mail:
    """A mail from its bytes."""
    return msgspec.json.decode(mail, type=Mail)


def _mail(head: Letterhead, sending: Sending, rendered: Rendered, n: int, address: str) -> Mail:
    return Mail(
        from_=head.sender,
        to=address,
        subject=rendered.subject,
        headers=headers_of(head, sending, n),
        html=rendered.html,
        text=rendered.text,
    )


def headers_of(head: Letterhead, sending: Sending, n: int) -> dict[str, str]:
    """What every mail carries, so that it can be found in the send ledger and is the same mail when repeated."""
    domain = parseaddr(head.sender)[1].rpartition("@")[2] or "cascada"
    return {
        "Message-ID": f"<{sending.delivery_id}.{n}@{domain}>",
        "X-Cascada-Delivery": sending.delivery_id,
        "X-Cascada-Rule": sending.rule_id,
        "X-Cascada-Period": sending.period,
        **({"Reply-To": head.reply_to} if head.reply_to else {}),
    }
