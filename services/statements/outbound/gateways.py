"""The mail gateway as a port, and which adapter a URL asks for."""

from types import TracebackType
from typing import Protocol, Self

from services.statements.domain.sending import Answer
from services.statements.outbound.gateway import HttpGateway
from services.statements.outbound.smtp_gateway import SmtpGateway
from shared.runtime.clock import Clock


class MailGateway(Protocol):
    """``honours_keys``: whether a repeat with the same key could be recognised at all."""

    @property
    def honours_keys(self) -> bool: ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def send(self, key: str, mail: bytes) -> Answer:
        """Hand over a mail; never raises for what the network does."""
        ...


def gateway_at(url: str, clock: Clock) -> MailGateway:
    """The gateway at ``http(s)://…`` or ``smtp(s)://…``, to be entered before it is used."""
    return SmtpGateway(url, clock) if url.startswith("smtp") else HttpGateway(url)
