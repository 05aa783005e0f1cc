"""customers as a test meets it: its HTTP API, its clock, and what it has put into the outbox."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import msgspec

from services.customers.inbound.http.app import create
from services.customers.wiring.api import Parts, use_cases
from shared.basics.days import date_in, zone
from shared.contracts.envelope import Envelope
from shared.database.engine import Database
from shared.http.process import Process
from shared.messaging import outbox
from tests.support.access import one_key

KEY = "test-key-of-sixteen"
CURRENCIES = ("COP", "USD")


@dataclass
class SetClock:
    """Business time stands where the test puts it."""

    moment: datetime = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
    where: ZoneInfo = field(default_factory=lambda: zone("America/Bogota"))

    def now(self) -> datetime:
        return self.moment

    def today(self) -> date:
        return date_in(self.moment, self.where)


@dataclass(frozen=True)
class Told:
    """An event as it waits in the outbox."""

    key: str
    type: str
    sequence: int
    history: bool
    data: dict[str, Any]


@dataclass
class House:
    """``http`` speaks to the real app; ``wakes`` counts how often the relay was woken."""

    http: httpx.AsyncClient
    database: Database
    clock: SetClock
    wakes: list[None]

    async def put(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return await self.http.put(f"/v1{path}", json=body, headers=headers)

    async def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return await self.http.post(f"/v1{path}", json=body, headers=headers)

    async def get(self, path: str, **params: Any) -> httpx.Response:
        return await self.http.get(f"/v1{path}", params=params)

    async def batch(self, *lines: dict[str, Any] | bytes, **params: Any) -> httpx.Response:
        content = b"\n".join(line if isinstance(line, bytes) else msgspec.json.encode(line) for line in lines)
        headers = {"content-type": "application/x-ndjson"}
        return await self.http.post("/v1/batches", content=content, params=params, headers=headers)

    async def told(self) -> list[Told]:
        """Every event so far, in the order written."""
        async with self.database.transaction() as connection:
            rows = await outbox.unsent(connection, "customers", 1_000_000)
        return [_told(event) for _, event in rows]


def _told(event: Envelope) -> Told:
    return Told(event.key, event.type, event.sequence, event.history, msgspec.json.decode(event.data))


@asynccontextmanager
async def open_house(url: str, currencies: Sequence[str] = CURRENCIES) -> AsyncIterator[House]:
    """The app over the database at ``url``; nothing relays, so events stay to be read."""
    database, clock, wakes = Database(url, name="test"), SetClock(), list[None]()
    parts = Parts(database, clock, clock.where, tuple(currencies), lambda: wakes.append(None))
    app = create(use_cases(parts), Process(callers=one_key(KEY), ready=database.is_ready))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://customers", headers={"X-Api-Key": KEY}) as http:
        yield House(http, database, clock, wakes)
    await database.close()
