"""Measure what the database knows of how the service does, for ``/metrics``."""

from dataclasses import dataclass

from shared.database.engine import Database
from shared.messaging.measuring import measure_outbox
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class Measure:
    """Sets gauges; reads without locking."""

    database: Database
    clock: Clock

    async def __call__(self) -> None:
        """Measure now."""
        async with self.database.transaction() as connection:
            await measure_outbox(connection, self.clock.now())
