"""A mail as the ledger keeps it, turned into a MIME message."""

from email.message import EmailMessage
from email.policy import SMTP as WIRE

from services.statements.outbound.mail import Attachment, Mail


def message_of(mail: Mail, date: str) -> EmailMessage:
    """Text with HTML beside it, the images it shows with the HTML, other files behind; the headers are the mail's."""
    message = EmailMessage(policy=WIRE)
    message["From"], message["To"], message["Subject"], message["Date"] = mail.from_, mail.to, mail.subject, date
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    html = message.get_body(("html",))
    for one in mail.attachments:
        kind, subtype = _type_of(one)
        if html is not None and mail.shows(one):
            html.add_related(one.bytes, maintype=kind, subtype=subtype, cid=f"<{one.filename}>", filename=one.filename)
        else:
            message.add_attachment(one.bytes, maintype=kind, subtype=subtype, filename=one.filename)
    return message


def _type_of(attachment: Attachment) -> tuple[str, str]:
    kind, _, subtype = attachment.content_type.partition(";")[0].strip().partition("/")
    return kind, subtype
