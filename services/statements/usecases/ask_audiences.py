"""Ask the segmenter for whom a run is, where its audience has a ``where``: only the segmenter reads rules.

Stands between held and running: figures have passed the run's instant, nothing is planned. Ids arrive page by page
and are kept as they come, with no transaction open while the network is waited for. Where the segmenter cannot be
asked, it is asked again until the catch-up window ends. Source: meaning.md 43.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from services.statements.domain.due import MissedReason
from services.statements.storage import asking, rules, runs
from services.statements.storage.asking import AskingRun
from services.statements.usecases.start_runs import StartRuns
from shared.basics.errors import BadInput, Unavailable
from shared.database.engine import Database
from shared.runtime.clock import Clock

log = structlog.get_logger(__name__)

AskWhom = Callable[[dict[str, Any]], AsyncIterator[list[str]]]
"""The ids of the customers for whom a rule is true, in pages."""

_LEASE = timedelta(seconds=60)
_PAUSE = timedelta(seconds=2)


@dataclass(frozen=True)
class AskAudiences:
    """One run a step."""

    database: Database
    clock: Clock
    ask_whom: AskWhom
    start_runs: StartRuns

    async def __call__(self) -> bool:
        """Ask for the next run; whether there was one."""
        async with self.database.transaction() as connection:
            run = await asking.claim(connection, _LEASE)
            if run is None:
                return False
            version = (run.rule_id, run.rule_version)
            rule = (await rules.versions(connection, {version}))[version]
        try:
            await self._ask(run, rule.audience.where or {})
        except Unavailable as error:
            log.warning("audience_waits", run=run.run_id, error=error.detail)
            await self._put_off(run)
        except BadInput as error:
            log.warning("audience_refused", run=run.run_id, error=error.detail)
            await self._miss(run, "needs_attention")
        return True

    async def _ask(self, run: AskingRun, where: dict[str, Any]) -> None:
        async for ids in self.ask_whom(where):
            async with self.database.transaction() as connection:
                if not await asking.still_asks(connection, run, _LEASE):
                    return
                await asking.add(connection, run.run_id, ids)
        async with self.database.transaction() as connection:
            if await asking.still_asks(connection, run, _LEASE):
                heard = await self.start_runs.heard(connection)
                await self.start_runs.start(connection, run.run_id, run.due_at, heard)

    async def _put_off(self, run: AskingRun) -> None:
        if self.clock.now() > run.window_ends_at:
            await self._miss(run, "audience_unavailable")
            return
        async with self.database.transaction() as connection:
            await asking.still_asks(connection, run, _PAUSE)

    async def _miss(self, run: AskingRun, reason: MissedReason) -> None:
        async with self.database.transaction() as connection:
            if await asking.still_asks(connection, run, _PAUSE):
                await runs.miss(connection, run.run_id, reason)
                await asking.forget(connection, run.run_id)
