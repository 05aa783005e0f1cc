"""Delete a statement rule. Its runs and deliveries stay to be read, what is not sent yet is skipped."""

from dataclasses import dataclass, replace

from services.statements.storage import rules, runs
from services.statements.usecases.keep_rule import Condition, lock_living
from services.statements.usecases.record_due_runs import record_up_to_now
from shared.database import changes
from shared.database.changes import Change
from shared.database.engine import Database
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class DeleteRule:
    """The id may be used again; periods it has had never run again."""

    database: Database
    clock: Clock

    async def __call__(self, rule_id: str, condition: Condition, *, by: str) -> None:
        """Delete the rule.

        Raises
        ------
        Missing
            There is no such rule.
        """
        async with self.database.transaction() as connection:
            stored = await lock_living(connection, rule_id)
            condition(stored)
            now = self.clock.now()
            recorded = await record_up_to_now(connection, stored, now)
            await rules.keep(connection, replace(recorded, is_deleted=True, next_due_at=None))
            await runs.stop(connection, rule_id, "rule_deleted")
            await changes.record(connection, [Change(f"rules/{rule_id}", stored.rule, None)], by=by, at=now)
