"""Measure what the database knows of how the service does, for ``/metrics``."""

from dataclasses import dataclass

from services.statements.storage.runs import oldest_unfinished
from shared.database.engine import Database
from shared.messaging.measuring import measure_hearing, measure_outbox
from shared.runtime import metrics
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class Measure:
    """Sets gauges; reads without locking."""

    database: Database
    clock: Clock

    async def __call__(self) -> None:
        """Measure now."""
        now = self.clock.now()
        async with self.database.transaction() as connection:
            await measure_outbox(connection, now)
            await measure_hearing(connection)
            due_at = await oldest_unfinished(connection)
        metrics.RUNS_LATE_SECONDS.set(max(0.0, (now - due_at).total_seconds()) if due_at else 0.0)
