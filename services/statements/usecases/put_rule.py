"""Create a statement rule, or replace the one of that id."""

from dataclasses import dataclass

from services.statements.domain.rule import Rule
from services.statements.storage import rules
from services.statements.storage.rules import StoredRule
from services.statements.usecases.keep_rule import Condition, keep_rule
from shared.database.engine import Database
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class PutRule:
    """Repeats of the same rule change nothing."""

    database: Database
    clock: Clock

    async def __call__(self, rule_id: str, wanted: Rule, condition: Condition, *, by: str) -> tuple[StoredRule, bool]:
        """The rule as it is kept, and whether it is new. ``condition`` sees the rule that is there."""
        async with self.database.transaction() as connection:
            found = await rules.lock(connection, rule_id)
            living = found if found and not found.is_deleted else None
            condition(living)
            if living and living.rule == wanted:
                return living, False
            return await keep_rule(connection, rule_id, found, wanted, self.clock.now(), by), living is None
