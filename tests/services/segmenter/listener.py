"""The segmenter as tests drive it: it hears batches, lives through days, and what it told can be read."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import text

from services.segmenter.inbound.events import CustomerEvents
from services.segmenter.usecases.apply_events import ApplyEvents
from services.segmenter.usecases.replace_customer import ReplaceCustomer
from services.segmenter.usecases.turn_day import TurnDay
from shared.database.engine import Database
from shared.messaging import outbox
from shared.messaging.batch import Batch, Event
from tests.services.segmenter.sender import noon


@dataclass
class SetClock:
    """Business time as the test sets it: noon of a day."""

    day: date

    def now(self) -> datetime:
        return noon(self.day)

    def today(self) -> date:
        return self.day


@dataclass(frozen=True)
class Told:
    """An event that was put into the outbox."""

    key: str
    type: str
    sequence: int
    data: dict[str, Any]


@dataclass
class Listener:
    """One segmenter over a real database."""

    database: Database
    clock: SetClock

    @property
    def events(self) -> CustomerEvents:
        return CustomerEvents(ApplyEvents(self.database, self.clock, lambda: None), ReplaceCustomer(self.clock))

    async def hears(self, *events: Event) -> None:
        await self.events.apply(Batch(events))

    async def turns_day(self, to: date) -> None:
        self.clock.day = to
        while await TurnDay(self.database, self.clock).step():
            pass

    async def told(self) -> list[Told]:
        """Everything told so far, oldest first."""
        async with self.database.transaction() as connection:
            rows = await outbox.unsent(connection, "segmenter", 100_000)
        return [Told(e.key, e.type, e.sequence, msgspec.json.decode(e.data)) for _, e in rows]

    async def moves_told(self) -> list[tuple[str, str | None, str, str]]:
        """(customer, from, to, cause) of every ``segment.assigned``."""
        return [
            (t.key, t.data["from"] and t.data["from"]["id"], t.data["to"]["id"], t.data["cause"])
            for t in await self.told()
            if t.type == "segment.assigned"
        ]

    async def rows(self, query: str, **given: Any) -> list[dict[str, Any]]:
        async with self.database.transaction() as connection:
            return [dict(row._mapping) for row in await connection.execute(text(query), given)]

    async def segment_of(self, customer_id: str) -> str | None:
        found = await self.rows("SELECT segment_id FROM membership WHERE customer_id = :id", id=customer_id)
        return found[0]["segment_id"] if found else None
