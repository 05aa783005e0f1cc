"""After a history load: judge whoever it touched, in one pass, so that only final moves are told.

While the load goes on its customers wait in ``history_pending``; it has paused when nothing of it was heard for 2 s of
machine time.
"""

from dataclasses import dataclass

from services.segmenter.storage import history_loads
from services.segmenter.storage.judging import hold_judgement
from services.segmenter.usecases.judge_customers import judge_customers
from shared.database.engine import Database, retrying
from shared.runtime.clock import Clock

RANGE = 2000


@dataclass(frozen=True)
class JudgeHistoryLoad:
    """Ends the waiting of a load's customers once it has paused for ``pause_seconds`` (machine time)."""

    database: Database
    clock: Clock
    pause_seconds: float = 2.0

    async def step(self) -> bool:
        """Judge the next customers of a load that has paused; whether there may be more."""
        return await retrying(self._step)

    async def _step(self) -> bool:
        async with self.database.transaction() as connection:
            ids = await history_loads.waiting(connection, pause_seconds=self.pause_seconds, limit=RANGE)
            if not ids:
                return False
            by, now = await hold_judgement(connection, self.clock.today()), self.clock.now()
            await history_loads.resume(connection, ids)
            await judge_customers(connection, ids, by, cause="event", now=now, silently=True)
            return True
