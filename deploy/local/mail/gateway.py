"""What the catcher's gateway promises: a key is taken once, its repeats get the same id, other bytes are refused."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field

from deploy.local.mail.inbox import Attachment, Inbox, Mail

_KEY_LIFE = timedelta(hours=24)


class SentAttachment(BaseModel):
    """A file in the body of ``POST /send``, its content in base64."""

    model_config = ConfigDict(extra="forbid")

    filename: str
    content_type: str
    content: Base64Bytes


class SentMail(BaseModel):
    """The body of ``POST /send``: one mail to one address."""

    model_config = ConfigDict(extra="forbid")

    sender: str = Field(alias="from", min_length=1)
    to: str = Field(pattern=r"^[^@\s]+@[^@\s]+$")
    subject: str
    headers: dict[str, str] = {}
    html: str
    text: str
    attachments: list[SentAttachment] = []


@dataclass(frozen=True)
class Taken:
    """The answer to a mail: its id, and whether the key had been taken before."""

    id: str
    repeated: bool


class KeyConflict(Exception):
    """The key was used for other bytes."""


@dataclass(frozen=True)
class _Use:
    mail_id: str
    digest: bytes
    at: datetime


@dataclass
class Gateway:
    """Takes mails into the inbox, each idempotency key once within 24 hours."""

    inbox: Inbox
    _uses: dict[str, _Use] = field(default_factory=dict)

    def take(self, body: bytes, key: str | None, *, new_id: str, now: datetime) -> Taken:
        """Keep the mail in ``body``, or recognise it by ``key`` (none: every call is a mail of its own).

        Raises
        ------
        pydantic.ValidationError
            The body is no mail.
        KeyConflict
            The key came with other bytes before.
        """
        mail = SentMail.model_validate_json(body)
        digest = hashlib.sha256(body).digest()
        use = self._uses.get(key) if key else None
        if use and now - use.at < _KEY_LIFE:
            if use.digest != digest:
                raise KeyConflict
            return Taken(use.mail_id, repeated=True)
        self.inbox.put(_kept(mail, new_id, now))
        if key:
            self._uses[key] = _Use(new_id, digest, now)
        return Taken(new_id, repeated=False)


def _kept(mail: SentMail, mail_id: str, now: datetime) -> Mail:
    return Mail(
        id=mail_id,
        sender=mail.sender,
        to=(mail.to,),
        subject=mail.subject,
        headers=mail.headers,
        text=mail.text,
        html=mail.html,
        attachments=tuple(Attachment(one.filename, one.content_type, one.content) for one in mail.attachments),
        received_at=now,
    )
