"""Count for whom each variable is loaded, and its range: after each day turn, and when someone asks for newer ones.

One step counts the next range of customers; any worker may take the next. Nothing waits for it.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.segmenter.storage.catalogue import load_catalogue
from services.segmenter.storage.day_turn import load_turn
from services.segmenter.storage.observations import CountJob, begin_count, claim_count, count_next
from services.segmenter.storage.revisions import load_settings
from shared.database.engine import Database, retrying
from shared.runtime.clock import Clock

RANGE = 2000
"""Customers a step: well under a second."""
OLD = timedelta(minutes=5)
"""How old a count is when asking for it begins another."""


@dataclass(frozen=True)
class CountVariables:
    """Carries the count on, so many customers (``range_size``) a step."""

    database: Database
    clock: Clock
    range_size: int = RANGE

    async def step(self) -> bool:
        """Count the next customers if a count is due; whether there are more."""
        return await retrying(self._step)

    async def _step(self) -> bool:
        async with self.database.transaction() as connection:
            job = await claim_count(connection)
            if job is None:
                return False
            if job.watermark is None:
                turn, now = await load_turn(connection), self.clock.now()
                if not _is_due(job, turn.turned, now):
                    return False
                await begin_count(connection, turn.turned, now)
                job = replace(job, watermark="", begun_of=turn.turned)
            settings = await load_settings(connection)
            variables = await load_catalogue(connection, settings)
            return await count_next(connection, variables.values(), settings, job, self.range_size)


def _is_due(job: CountJob, turned: date, now: datetime) -> bool:
    """Of a day that is turned none is counted yet, or someone asked and the last count is old."""
    if job.counted_at is None or job.as_of is None or job.as_of < turned:
        return turned > date.min
    return job.asked_at is not None and now - job.counted_at >= OLD
