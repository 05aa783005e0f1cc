"""A stand-in for the segmenter's search and export: it answers as the real one does, with whom the test names."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from services.statements.outbound.segmenter import Segmenter
from shared.http.client import ServiceClient


@dataclass
class StandInSegmenter:
    """``matches``: whom every rule finds. ``refuses``: errors of a 422. ``is_away``; ``breaks_off`` after that many."""

    matches: list[str] = field(default_factory=list)
    refuses: list[dict[str, str]] = field(default_factory=list)
    is_away: bool = False
    breaks_off: int | None = None
    questions: list[dict[str, Any]] = field(default_factory=list)

    @property
    def asked(self) -> Segmenter:
        """Our client of it."""
        client = ServiceClient("http://segmenter", "its-key-of-sixteen")
        client._http = httpx.AsyncClient(base_url="http://segmenter", transport=httpx.MockTransport(self._answer))
        return Segmenter(client)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.is_away:
            raise httpx.ConnectError("nobody is there")
        self.questions.append(json.loads(request.content))
        if self.refuses:
            return httpx.Response(422, json={"code": self.refuses[0]["code"], "errors": self.refuses})
        if request.url.path.endswith("/search"):
            return httpx.Response(200, json={"items": [], "next_cursor": None})
        return httpx.Response(200, content=self._lines())

    async def _lines(self) -> AsyncIterator[bytes]:
        for place, customer_id in enumerate(self.matches):
            if place == self.breaks_off:
                raise httpx.RemoteProtocolError("it broke off")
            yield json.dumps({"customer_id": customer_id}).encode() + b"\n"
