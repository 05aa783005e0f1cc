"""A mail sent to try a rule out: marked in its subject, and without what would make it count as a delivery."""

import msgspec

from services.statements.outbound.mail import read_mail

_MARKS = {"es": "[Prueba]", "pt": "[Teste]", "en": "[Test]"}


def as_trial(mail: bytes, locale: str) -> tuple[bytes, str]:
    """The bytes of a mail turned into a trial, and its subject."""
    read = read_mail(mail)
    mark = _MARKS.get(locale.partition("-")[0], _MARKS["es"])
    subject = f"{mark} {read.subject}"
    headers = {name: value for name, value in read.headers.items() if not name.lower().startswith("x-cascada")}
    return msgspec.json.encode(msgspec.structs.replace(read, subject=subject, headers=headers)), subject
