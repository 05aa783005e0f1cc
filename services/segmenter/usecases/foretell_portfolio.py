"""The portfolio's forecast, worked out right after each day turn: who moves in the coming days if nothing happens.

One step foretells the next range of customers by the revision that was in force when the forecast began; any worker
may take the next step. Read by ``read_forecast``. Source: meaning.md 29.
"""

from dataclasses import dataclass

from services.segmenter.storage.forecasts import add_range, claim_forecast
from services.segmenter.storage.revisions import load_revision, read_cascade
from services.segmenter.storage.rule_sql import compile_cascade
from services.segmenter.storage.settings_json import settings_of
from shared.database.engine import Database, retrying
from shared.runtime.clock import Clock

RANGE = 500
"""Customers a step, each judged on the days on which it may change: well under 0.3 s."""


@dataclass(frozen=True)
class ForetellPortfolio:
    """Foretells everyone, so many customers (``range_size``) a step."""

    database: Database
    clock: Clock
    range_size: int = RANGE

    async def step(self) -> bool:
        """Foretell the next range of customers; whether there are more."""
        return await retrying(self._step)

    async def _step(self) -> bool:
        async with self.database.transaction() as connection:
            job = await claim_forecast(connection)
            if job is None:
                return False
            stored = await load_revision(connection, job.revision)
            if stored is None:
                raise LookupError(f"revision {job.revision} is foretold by and missing")
            settings = settings_of(stored.settings)
            cascade = await read_cascade(connection, job.revision, stored.segments, settings)
            return await add_range(connection, job, compile_cascade(cascade), self.range_size, self.clock.now())
