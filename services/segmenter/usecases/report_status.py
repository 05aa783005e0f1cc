"""How the segmenter stands: what it has heard, what it could not, how far the day and a refresh are."""

from dataclasses import dataclass
from datetime import date, datetime

from services.segmenter.storage.day_turn import DayTurn, load_turn
from services.segmenter.storage.refreshes import refresh_under_way
from shared.contracts.customers_v1 import TOPIC
from shared.database.engine import Database
from shared.messaging.hearing import count_troubles, facts_through
from shared.messaging.outbox import count_unsent
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class Status:
    """``today`` is the business date; the turn of that day is done once everyone was judged as of it."""

    today: date
    turn: DayTurn
    facts_through: datetime | None
    customers_behind: int
    quarantined: int
    outbox_unsent: int
    refresh_id: str | None


@dataclass(frozen=True)
class ReportStatus:
    """Reads the status."""

    database: Database
    clock: Clock

    async def __call__(self) -> Status:
        """The status now."""
        async with self.database.transaction() as connection:
            behind, quarantined = await count_troubles(connection)
            return Status(
                today=self.clock.today(),
                turn=await load_turn(connection),
                facts_through=await facts_through(connection, TOPIC),
                customers_behind=behind,
                quarantined=quarantined,
                outbox_unsent=await count_unsent(connection),
                refresh_id=await refresh_under_way(connection),
            )
