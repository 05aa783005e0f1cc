"""Report how the service stands."""

from dataclasses import dataclass
from datetime import date

from shared.database.engine import Database
from shared.messaging.outbox import count_unsent
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class Status:
    """The terms the service works under, the business date, and how many events wait for Kafka."""

    business_time_zone: str
    currencies: tuple[str, ...]
    as_of: date
    outbox_unsent: int


@dataclass(frozen=True)
class ReportStatus:
    """Reads without locking."""

    database: Database
    clock: Clock
    business_time_zone: str
    currencies: tuple[str, ...]

    async def __call__(self) -> Status:
        """How the service stands now."""
        async with self.database.transaction() as connection:
            unsent = await count_unsent(connection)
        return Status(self.business_time_zone, self.currencies, self.clock.today(), unsent)
