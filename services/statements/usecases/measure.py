"""Measure what the database knows of how the service does, for ``/metrics``."""

from dataclasses import dataclass
from datetime import datetime

from services.statements.storage.open_sends import count_open, seconds_late
from services.statements.storage.runs import Lateness, lateness
from shared.contracts import customers_v1, segments_v1
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
            await measure_hearing(connection, now, customers_v1.TOPIC, segments_v1.TOPIC)
            late = await lateness(connection, now)
            sends, seconds = await count_open(connection), await seconds_late(connection)
        _tell_runs(late, now)
        for state, count in sends.items():
            metrics.SENDS_OPEN.labels(state).set(count)
        metrics.SENDS_LATE_SECONDS.set(seconds)


def _tell_runs(late: Lateness, now: datetime) -> None:
    metrics.RUNS_LATE_SECONDS.set(max(0.0, (now - late.oldest).total_seconds()) if late.oldest else 0.0)
    metrics.RUNS_UNFINISHED.labels("held").set(late.held)
    metrics.RUNS_UNFINISHED.labels("running").set(late.running)
    metrics.RUNS_MISSED.set(late.missed)
