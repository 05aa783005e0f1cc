"""An HTTP protocol whose handlers may hang up on their caller without an answer."""

import asyncio

from fastapi import Request
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_TRANSPORT = "cascada.transport"


class DroppableProtocol(HttpToolsProtocol):
    """Uvicorn's own, that shows each request its connection."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope.setdefault("extensions", {})[_TRANSPORT] = {"transport": self.transport}


async def hang_up(request: Request) -> None:
    """Close the connection of a request; whatever its handler returns afterwards reaches nobody."""
    transport: asyncio.Transport = request.scope["extensions"][_TRANSPORT]["transport"]
    transport.abort()
    await asyncio.sleep(0.05)  # the loop tells uvicorn that the connection is gone
