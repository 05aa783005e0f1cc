"""A rule that was created, changed, activated, deactivated or deleted is judged for everyone, range by range.

Any worker takes the next step; how far it is stands in the rule's row.
"""

from dataclasses import dataclass

from services.segmenter.storage.alert_rules import advance_judging, claim_judging, is_judging_left
from services.segmenter.storage.judging import hold_judgement
from services.segmenter.storage.mismatches import RANGE, find_mismatches
from services.segmenter.usecases.judge_customers import judge_customers
from shared.database.engine import Database, retrying
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class JudgeAlertRules:
    """Judges so many customers (``range_size``) a step."""

    database: Database
    clock: Clock
    range_size: int = RANGE

    async def step(self) -> bool:
        """Judge the next range of customers by a new rule; whether there is more to judge."""
        return await retrying(self._step)

    async def _step(self) -> bool:
        async with self.database.transaction() as connection:
            if not await is_judging_left(connection):
                return False
            by, now = await hold_judgement(connection, self.clock.today()), self.clock.now()
            claim = await claim_judging(connection)
            if claim is None:
                return False
            found = await find_mismatches(connection, by, after=claim.after, limit=self.range_size)
            await judge_customers(connection, found.ids, by, cause="event", now=now)
            await advance_judging(connection, claim, found.last)
            return True
