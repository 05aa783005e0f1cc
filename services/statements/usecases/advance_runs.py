"""Let held runs go on once the figures have passed their instant, and end those of which all is settled.

Ticked in every worker; a run's row is its lock.
"""

from dataclasses import dataclass

from services.statements.domain.holding import NOTHING_HEARD, Heard, may_start
from services.statements.storage import runs, segments
from services.statements.storage.runs import HeldRun, Start
from shared.database.engine import Database, Transaction
from shared.messaging.hearing import facts_through
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class AdvanceRuns:
    """``customers_topic`` and ``segments_topic`` are where the figures come from."""

    database: Database
    clock: Clock
    customers_topic: str
    segments_topic: str

    async def __call__(self) -> bool:
        """One turn of the tick; whether a run went on."""
        async with self.database.transaction() as connection:
            held = await runs.lock_held(connection)
            heard = await self._heard(connection) if held else NOTHING_HEARD
            ready = [run for run in held if may_start(heard, run.due_at, run.waited)]
            for run in ready:
                await runs.start(connection, self._start(run, heard))
        async with self.database.transaction() as connection:
            await runs.stay_alive(connection, self.clock.now())
            await runs.finish(connection, self.clock.now())
        return bool(ready)

    async def _heard(self, connection: Transaction) -> Heard:
        word = await segments.segmenters_word(connection)
        return Heard(
            customers=await facts_through(connection, self.customers_topic),
            segmenter=word.facts_through,
            told_at=word.told_at,
            segments=await facts_through(connection, self.segments_topic),
        )

    def _start(self, run: HeldRun, heard: Heard) -> Start:
        """The business date of every figure in the run is today's."""
        return Start(
            run_id=run.run_id,
            as_of_date=self.clock.today(),
            now=self.clock.now(),
            facts_through=heard.customers,
            segments_through=heard.segmenter,
            is_stale=not heard.is_past(run.due_at),
        )
