"""How the segmenter stands: what it has heard, what it could not, how far the day and a refresh are."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from services.segmenter.storage.day_turn import load_turn
from services.segmenter.storage.judged_through import judged_through
from services.segmenter.storage.refreshes import refresh_under_way
from shared.database.engine import Database
from shared.messaging.hearing import count_troubles, events_behind
from shared.messaging.outbox import count_unsent
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class Status:
    """``as_of``: the day that customers are judged as of; ``is_turned``: whether everyone was.

    ``facts_through``: facts up to then are in everyone's segment.
    """

    as_of: date
    is_turned: bool
    facts_through: datetime | None
    events_behind: int
    customers_behind: int
    quarantined: int
    outbox_unsent: int
    refresh_id: str | None


@dataclass(frozen=True)
class ReportStatus:
    """Reads the status."""

    database: Database
    clock: Clock
    zone: ZoneInfo

    async def __call__(self) -> Status:
        """The status now."""
        async with self.database.transaction() as connection:
            behind, quarantined = await count_troubles(connection)
            turn = await load_turn(connection)
            as_of = max(turn.as_of, self.clock.today())
            return Status(
                as_of=as_of,
                is_turned=turn.turned >= as_of,
                facts_through=await judged_through(connection, self.zone),
                events_behind=await events_behind(connection),
                customers_behind=behind,
                quarantined=quarantined,
                outbox_unsent=await count_unsent(connection),
                refresh_id=await refresh_under_way(connection),
            )
