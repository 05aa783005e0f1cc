"""The segmenter as tests drive it: it hears batches, lives through days, and what it told can be read."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import text

from services.segmenter.domain.settings import Settings
from services.segmenter.inbound.events import CustomerEvents
from services.segmenter.storage.settings_json import settings_json
from services.segmenter.usecases.apply_events import ApplyEvents
from services.segmenter.usecases.replace_customer import ReplaceCustomer
from services.segmenter.usecases.run_refresh import RunRefresh
from services.segmenter.usecases.turn_day import TurnDay
from shared.database.engine import Database
from shared.messaging import outbox
from shared.messaging.batch import Batch, Event
from shared.runtime.ids import new_id
from tests.services.segmenter.sender import noon

DEFAULT: dict[str, Any] = {"segment_id": "default", "name": "Default", "rule": None, "flow_id": None}
DEFAULT_SETTINGS = {
    "aging_edges": [30, 60, 90],
    "quick_filters": {
        "top_percentile": 80,
        "top_days": 365,
        "new_days": 30,
        "recent_days": 30,
        "recurring_months": 6,
        "recurring_at_least": 3,
    },
    "contactability": {"local_parts": ["noreply"], "domains": ["example.com"]},
    **{key: settings_json(Settings())[key] for key in ("risk", "holidays")},
}
_ASK = text(
    """
    INSERT INTO refreshes (refresh_id, state, draft)
    VALUES (CAST(:refresh_id AS uuid), 'preparing', CAST(:draft AS jsonb))
    """
)


def a_segment(segment_id: str, **rule: Any) -> dict[str, Any]:
    """A segment with one condition: ``a_segment("fallidos", variable="failed_payments", operator="gt", value=1)``."""
    return {"segment_id": segment_id, "name": segment_id.capitalize(), "rule": rule, "flow_id": None}


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

    async def refreshes(self, *segments: dict[str, Any], **given: Any) -> None:
        """Publish these segments (Default is added), and reassign everyone."""
        await self.asks_refresh(*segments)
        await self.runs_refresh(**given)

    async def asks_refresh(self, *segments: dict[str, Any]) -> None:
        draft = msgspec.json.encode({"segments": [*segments, DEFAULT], "settings": DEFAULT_SETTINGS}).decode()
        async with self.database.transaction() as connection:
            await connection.execute(_ASK, {"refresh_id": new_id(), "draft": draft})

    async def publishes(self) -> None:
        """Take the refresh as far as its revision is in force, and nobody is reassigned yet."""
        for _ in ("prepare", "publish"):
            await RunRefresh(self.database, self.clock).step()

    async def runs_refresh(self, **given: Any) -> None:
        while await RunRefresh(self.database, self.clock, **given).step():
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
