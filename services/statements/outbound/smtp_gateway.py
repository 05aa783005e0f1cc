"""The mail gateway over SMTP: one mail and one recipient a transaction; every answer is put into one of four kinds.

SMTP knows no keys: what breaks off once the content was handed over is doubt, and stays so. Up to then nothing was
sent for certain.
"""

from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime, parseaddr
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

import aiosmtplib

from services.statements.domain.sending import Answer
from services.statements.outbound.mail import read_mail
from services.statements.outbound.mime import message_of
from shared.runtime.clock import Clock

_STEP_SECONDS = 4.0
_CONTENT_SECONDS = 8.0
"""All steps together stay below the lease of a mail being sent."""


class SmtpGateway:
    """Hands mails to the server at ``smtp://`` (with STARTTLS where it is offered) or ``smtps://``."""

    honours_keys = False

    def __init__(self, url: str, clock: Clock) -> None:
        parts = urlsplit(url)
        self._clock = clock
        self._host = parts.hostname or ""
        self._port = parts.port
        self._use_tls = parts.scheme == "smtps"
        self._username = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Every mail has a connection of its own: nothing is left open."""

    async def send(self, key: str, mail: bytes) -> Answer:
        """Hand over a mail (as the ledger keeps it); never raises for what the network does."""
        read = read_mail(mail)
        message = message_of(read, date=format_datetime(self._clock.now()))
        client = self._client()
        try:
            if shut_out := await _enter(client):
                return shut_out
            return await self._deliver(client, parseaddr(read.from_)[1], read.to, message)
        except aiosmtplib.SMTPResponseException as error:
            return _refused(error.code)
        except (aiosmtplib.SMTPNotSupported, UnicodeEncodeError, ValueError):
            return Answer("rejected")
        except (aiosmtplib.SMTPException, OSError):
            return Answer("not_sent")
        finally:
            client.close()

    def _client(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._host,
            port=self._port,
            username=self._username,
            password=self._password,
            use_tls=self._use_tls,
            timeout=_STEP_SECONDS,
        )

    async def _deliver(self, client: aiosmtplib.SMTP, sender: str, to: str, message: EmailMessage) -> Answer:
        """One transaction; what happens before the content is for the caller to judge."""
        await client.mail(sender)
        await client.rcpt(to)
        try:
            response = await client.data(message.as_bytes(policy=WIRE), timeout=_CONTENT_SECONDS)
        except aiosmtplib.SMTPResponseException as error:
            return _refused(error.code)
        except (aiosmtplib.SMTPException, OSError):
            return Answer("doubt", reason="timeout")
        return Answer("accepted", response.code)


async def _enter(client: aiosmtplib.SMTP) -> Answer | None:
    """Connect and log in. Who is not let in, for good or for now, is us: that says nothing about the mail."""
    try:
        await client.connect()
    except aiosmtplib.SMTPResponseException as error:
        return Answer("not_sent", error.code if error.code > 0 else None)
    except aiosmtplib.SMTPNotSupported:
        return Answer("not_sent")
    return None


def _refused(code: int) -> Answer:
    """4xx is for now, 5xx for good; a code that is none was no answer."""
    if 500 <= code < 600:
        return Answer("rejected", code)
    return Answer("not_sent", code if code > 0 else None)
