"""The pace of sending, one row that all replicas share: whoever claims mails holds it until the claim is kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from services.statements.domain.pace import Pace
from shared.database.engine import Transaction

_LOCK = text("SELECT next_at, clock_timestamp() AS now FROM send_pace FOR UPDATE")
_KEEP = text("UPDATE send_pace SET next_at = :next_at")


@dataclass(frozen=True)
class Slots:
    """What was free when the row was locked."""

    pace: Pace
    now: datetime
    next_at: datetime | None

    @property
    def free(self) -> int:
        return self.pace.free_slots(self.now, self.next_at)


async def lock(connection: Transaction, pace: Pace) -> Slots:
    """The free slots, locked."""
    row = (await connection.execute(_LOCK)).one()
    return Slots(pace, row.now, row.next_at)


async def use(connection: Transaction, slots: Slots, sent: int) -> None:
    """Note how many were used."""
    await connection.execute(_KEEP, {"next_at": slots.pace.after(slots.now, slots.next_at, sent)})
