"""The mail gateway as a port, and which adapter a URL asks for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from services.statements.domain.sending import Answer
from services.statements.outbound.gateway import HttpGateway
from services.statements.outbound.smtp_gateway import SmtpGateway
from shared.runtime.clock import Clock


class MailGateway(Protocol):
    """``honours_keys``: whether a repeat with the same key could be recognised at all."""

    @property
    def honours_keys(self) -> bool: ...

    async def send(self, key: str, mail: bytes) -> Answer:
        """Hand over a mail; never raises for what the network does."""
        ...


@asynccontextmanager
async def open_gateway(url: str, clock: Clock) -> AsyncIterator[MailGateway]:
    """The gateway at ``http(s)://…`` or ``smtp(s)://…``."""
    if url.startswith("smtp"):
        yield SmtpGateway(url, clock)
        return
    async with HttpGateway(url) as gateway:
        yield gateway
