"""Report how the service stands."""

from dataclasses import dataclass
from datetime import date, datetime

from shared.database.engine import Database
from shared.messaging.hearing import count_troubles, events_behind, facts_through
from shared.messaging.outbox import count_unsent
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class Status:
    """``facts_through``: business time up to which every partition heard is applied, None before all were heard."""

    business_time_zone: str
    currencies: tuple[str, ...]
    as_of: date
    facts_through: datetime | None
    events_behind: int
    customers_behind: int
    quarantined: int
    outbox_unsent: int


@dataclass(frozen=True)
class ReportStatus:
    """Reads without locking. ``topics`` are those that the service hears."""

    database: Database
    clock: Clock
    business_time_zone: str
    currencies: tuple[str, ...]
    topics: tuple[str, ...]

    async def __call__(self) -> Status:
        """How the service stands now."""
        async with self.database.transaction() as connection:
            through = await facts_through(connection, *self.topics)
            left = await events_behind(connection)
            behind, quarantined = await count_troubles(connection)
            unsent = await count_unsent(connection)
        today = self.clock.today()
        return Status(self.business_time_zone, self.currencies, today, through, left, behind, quarantined, unsent)
