"""The turn of the day: time alone moves customers, on the day the answer changes.

One step judges the next range of customers as of the new day; any worker may take the next step, and after a crash
the watermark says where to go on. A jump over many days is one turn, as of the new date.
"""

from dataclasses import dataclass

import structlog

from services.segmenter.storage.day_turn import advance_turn, claim_turn, is_turn_left
from services.segmenter.storage.judging import hold_judgement
from services.segmenter.storage.mismatches import RANGE, find_mismatches
from services.segmenter.usecases.judge_customers import judge_customers
from shared.database.engine import Database, retrying
from shared.runtime.clock import Clock

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class TurnDay:
    """Judges everyone as of each new day, so many customers (``range_size``) a step."""

    database: Database
    clock: Clock
    range_size: int = RANGE

    async def step(self) -> bool:
        """Judge the next range of customers as of today; whether there is more to turn."""
        return await retrying(self._step)

    async def _step(self) -> bool:
        async with self.database.transaction() as connection:
            if not await is_turn_left(connection, self.clock.today()):
                return False
            by, now = await hold_judgement(connection, self.clock.today()), self.clock.now()
            after = await claim_turn(connection)
            if after is None:
                return False
            found = await find_mismatches(connection, by, after=after, limit=self.range_size)
            await judge_customers(connection, found.ids, by, cause="day_turn", now=now)
            await advance_turn(connection, found.last)
        if found.last is None:
            log.info("day_turned", as_of=by.as_of.isoformat())
        return found.last is not None
