"""Cancel a run: what is not sent yet is skipped, what was sent stays as it is."""

from dataclasses import dataclass

from services.statements.storage import asking, runs
from services.statements.usecases.read_runs import unknown_run
from shared.basics.errors import Conflict
from shared.database import changes
from shared.database.changes import Change
from shared.database.engine import Database
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class CancelRun:
    """A held run plans nobody; of a running one everyone is planned, and skipped with the reason."""

    database: Database
    clock: Clock

    async def __call__(self, run_id: str, *, by: str) -> None:
        """Cancel the run; one that is cancelled stays so.

        Raises
        ------
        Missing
            There is no such run.
        Conflict
            It is over already.
        """
        async with self.database.transaction() as connection:
            run = await runs.lock(connection, run_id)
            if run is None:
                raise unknown_run(run_id)
            if run.state in ("finished", "missed"):
                raise Conflict("run_is_over", f"the run is {run.state}: there is nothing to cancel")
            if run.state != "cancelled":
                await runs.cancel(connection, run_id)
                await asking.forget(connection, run_id)
                change = Change(f"runs/{run_id}", {"state": run.state}, {"state": "cancelled"})
                await changes.record(connection, [change], by=by, at=self.clock.now())
