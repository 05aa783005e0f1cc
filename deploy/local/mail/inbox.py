"""What the catcher has taken, in memory: a mail is one row, found by recipient and subject, oldest first."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Attachment:
    """A file that came with a mail."""

    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """One mail as it was handed over."""

    id: str
    sender: str
    to: tuple[str, ...]
    subject: str
    headers: dict[str, str]
    text: str
    html: str
    attachments: tuple[Attachment, ...]
    received_at: datetime

    @property
    def delivery_id(self) -> str | None:
        """What statements calls the delivery this mail belongs to."""
        return next((value for name, value in self.headers.items() if name.lower() == "x-cascada-delivery"), None)


@dataclass
class Inbox:
    """All mails, numbered from 1 in the order they came."""

    _mails: dict[int, Mail] = field(default_factory=dict)
    _last: int = 0

    def put(self, mail: Mail) -> None:
        """Keep a mail."""
        self._last += 1
        self._mails[self._last] = mail

    def get(self, mail_id: str) -> Mail | None:
        """The mail of that id."""
        return next((mail for mail in self._mails.values() if mail.id == mail_id), None)

    def find(self, *, to: str | None, subject: str | None, after: int = 0) -> Iterator[tuple[int, Mail]]:
        """Mails numbered over ``after``: to exactly that address (ignoring case), with that text in the subject."""
        for number, mail in self._mails.items():
            if number > after and _is_to(mail, to) and (subject or "").casefold() in mail.subject.casefold():
                yield number, mail

    def newest(self, limit: int) -> list[Mail]:
        """The latest mails, newest first."""
        return list(reversed(self._mails.values()))[:limit]

    def clear(self) -> None:
        """Forget every mail; numbers go on, so that cursors stay true."""
        self._mails.clear()


def _is_to(mail: Mail, address: str | None) -> bool:
    return not address or address.casefold() in (one.casefold() for one in mail.to)
