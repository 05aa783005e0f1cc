"""Copy a statement rule under another id and name. A copy starts inactive."""

from dataclasses import dataclass, replace

from services.statements.storage import rules
from services.statements.storage.rules import StoredRule
from services.statements.usecases.keep_rule import Condition, keep_rule, lock_living
from shared.basics.errors import Conflict
from shared.database.engine import Database
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class CopyRule:
    """Both ids are locked in their order, so that two copies at once cannot wait for each other."""

    database: Database
    clock: Clock

    async def __call__(
        self, rule_id: str, copy_id: str, name: str, condition: Condition, *, by: str
    ) -> tuple[StoredRule, bool]:
        """The copy, and whether it is new; the same copy again changes nothing.

        Raises
        ------
        Missing
            There is no rule to copy.
        Conflict
            The other id is taken by another rule.
        """
        async with self.database.transaction() as connection:
            for one in sorted({rule_id, copy_id}):
                await rules.lock(connection, one)
            original = await lock_living(connection, rule_id)
            condition(original)
            wanted = replace(original.rule, name=name, status="inactive")
            taken = await rules.find(connection, copy_id)
            if taken and not taken.is_deleted:
                return _same(taken, wanted), False
            return await keep_rule(connection, copy_id, taken, wanted, self.clock.now(), by), True


def _same(taken: StoredRule, wanted: object) -> StoredRule:
    if taken.rule != wanted:
        raise Conflict("conflict", f"there is another rule {taken.rule_id!r} already")
    return taken
