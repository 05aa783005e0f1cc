"""Measure what the database knows of how the service does, for ``/metrics``."""

from dataclasses import dataclass

from services.segmenter.storage.day_turn import load_turn
from services.segmenter.storage.refreshes import load_refresh, refresh_under_way
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
        async with self.database.transaction() as connection:
            await measure_outbox(connection, self.clock.now())
            await measure_hearing(connection)
            turn = await load_turn(connection)
            running = await refresh_under_way(connection)
            refresh = await load_refresh(connection, running) if running else None
        as_of = max(turn.as_of, self.clock.today())
        metrics.DAY_TURN_PENDING.set(max(0, (as_of - turn.turned).days))
        metrics.REFRESH_LEFT.set(refresh.total - refresh.done if refresh else 0)
