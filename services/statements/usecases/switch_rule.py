"""Activate or deactivate a statement rule. Deactivating in the middle of a run skips what is not sent yet."""

from dataclasses import dataclass, replace

from services.statements.domain.rule import Status
from services.statements.storage.rules import StoredRule
from services.statements.usecases.keep_rule import Condition, keep_rule, lock_living
from shared.database.engine import Database
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class SwitchRule:
    """What falls due while a rule is inactive is neither recorded nor made up for."""

    database: Database
    clock: Clock

    async def __call__(self, rule_id: str, status: Status, condition: Condition, *, by: str) -> StoredRule:
        """The rule in the wanted status, also when it was in it before.

        Raises
        ------
        Missing
            There is no such rule.
        """
        async with self.database.transaction() as connection:
            stored = await lock_living(connection, rule_id)
            condition(stored)
            if stored.rule.status == status:
                return stored
            wanted = replace(stored.rule, status=status)
            return await keep_rule(connection, rule_id, stored, wanted, self.clock.now(), by)
