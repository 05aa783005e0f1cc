"""Let held runs go on once the figures have passed their instant, and end those of which all is settled.

Ticked in every worker; a run's row is its lock. A run whose audience has a ``where`` asks the segmenter first
(``ask_audiences``), one whose rule names a segment or a bucket that has vanished meanwhile is missed.
"""

from dataclasses import dataclass

import structlog

from services.statements.domain.holding import NOTHING_HEARD, Heard, may_start
from services.statements.storage import asking, rules, runs, segments
from services.statements.storage.runs import HeldRun
from services.statements.usecases.start_runs import StartRuns
from shared.database.engine import Database, Transaction
from shared.runtime.clock import Clock

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class AdvanceRuns:
    """One turn of the tick."""

    database: Database
    clock: Clock
    start_runs: StartRuns

    async def __call__(self) -> bool:
        """Look at every run under way; whether a run went on."""
        async with self.database.transaction() as connection:
            await runs.stay_alive(connection, self.clock.now())
        async with self.database.transaction() as connection:
            held = await runs.lock_held(connection, self.clock.now())
            heard = await self.start_runs.heard(connection) if held else NOTHING_HEARD
            ready = [run for run in held if may_start(heard, run.due_at, run.waited)]
            for run in ready:
                await self._go_on(connection, run, heard)
        async with self.database.transaction() as connection:
            ended = await runs.finish(connection, self.clock.now())
        for run_id in ended:
            log.info("run_ended", run_id=str(run_id))
        return bool(ready)

    async def _go_on(self, connection: Transaction, run: HeldRun, heard: Heard) -> None:
        version = (run.rule_id, run.rule_version)
        rule = (await rules.versions(connection, {version}))[version]
        published = await segments.published(connection)
        if rule.names_what_vanished(published.segment_ids, published.aging_edges):
            await runs.miss(connection, run.run_id, "needs_attention")
        elif run.asks_where:
            await asking.let_ask(connection, run.run_id)
        else:
            await self.start_runs.start(connection, run.run_id, run.due_at, heard)
