"""The catcher's SMTP side: any mail is taken, as the gateway's would be."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.mail.events import EventTeller
from deploy.local.mail.inbox import Attachment, Inbox, Mail


@dataclass(frozen=True)
class SmtpHandler:
    """Called by aiosmtpd for each mail."""

    inbox: Inbox
    teller: EventTeller

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        """Keep the mail; the answer is SMTP's."""
        mail = read_mail(envelope.original_content or b"", envelope.mail_from or "", tuple(envelope.rcpt_tos))
        self.inbox.put(mail)
        self.teller.tell(mail)
        return f"250 OK {mail.id}"


def read_mail(raw: bytes, sender: str, recipients: tuple[str, ...]) -> Mail:
    """A mail from its bytes; the recipients are those of the envelope."""
    message = message_from_bytes(raw, EmailMessage, policy=default)
    return Mail(
        id=str(uuid.uuid4()),
        sender=str(message.get("from", sender)),
        to=recipients,
        subject=str(message.get("subject", "")),
        headers={name: str(value) for name, value in message.items()},
        text=_part(message, "plain"),
        html=_part(message, "html"),
        attachments=tuple(_attachment(part) for part in message.iter_attachments()),
        received_at=datetime.now(UTC),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part else ""


def _attachment(part: EmailMessage) -> Attachment:
    content = part.get_payload(decode=True)
    return Attachment(
        filename=part.get_filename() or "unnamed",
        content_type=part.get_content_type(),
        content=content if isinstance(content, bytes) else b"",
    )
