"""A mail as the ledger keeps it, turned into a MIME message."""

import base64
from email.message import EmailMessage
from email.policy import SMTP as WIRE

from services.statements.outbound.mail import Mail


def message_of(mail: Mail, date: str) -> EmailMessage:
    """Text with HTML beside it, attachments behind; the headers are the mail's own."""
    message = EmailMessage(policy=WIRE)
    message["From"], message["To"], message["Subject"], message["Date"] = mail.from_, mail.to, mail.subject, date
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    for one in mail.attachments:
        kind, _, subtype = one["content_type"].partition(";")[0].strip().partition("/")
        content = base64.b64decode(one["content"])
        message.add_attachment(content, maintype=kind, subtype=subtype, filename=one["filename"])
    return message
