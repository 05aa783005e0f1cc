"""Create a statement rule, or replace the one of that id.

A ``where`` is checked by the segmenter before anything is locked: only it reads rules.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from services.statements.domain.rule import Rule
from services.statements.storage import rules
from services.statements.storage.rules import StoredRule
from services.statements.usecases.keep_rule import Condition, keep_rule
from shared.database.engine import Database
from shared.runtime.clock import Clock

CheckWhere = Callable[[dict[str, Any]], Awaitable[None]]
"""Raises ``BadInput`` for a rule that the segmenter refuses, ``Unavailable`` while it cannot be asked."""


@dataclass(frozen=True)
class PutRule:
    """Repeats of the same rule change nothing."""

    database: Database
    clock: Clock
    check_where: CheckWhere

    async def __call__(
        self, rule_id: str, wanted: Callable[[StoredRule | None], Rule], condition: Condition, *, by: str
    ) -> tuple[StoredRule, bool]:
        """The rule as it is kept, and whether it is new. ``wanted`` and ``condition`` see the rule that is there.

        Raises
        ------
        BadInput
            The segmenter refuses its ``where``.
        Unavailable
            It has a ``where``, and the segmenter cannot be asked.
        """
        await self._check(rule_id, wanted, condition)
        async with self.database.transaction() as connection:
            found = await rules.lock(connection, rule_id)
            living = found if found and not found.is_deleted else None
            condition(living)
            rule = wanted(living)
            if living and living.rule == rule:
                return living, False
            return await keep_rule(connection, rule_id, found, rule, self.clock.now(), by), living is None

    async def _check(self, rule_id: str, wanted: Callable[[StoredRule | None], Rule], condition: Condition) -> None:
        async with self.database.transaction() as connection:
            found = await rules.find(connection, rule_id)
        living = found if found and not found.is_deleted else None
        condition(living)
        rule = wanted(living)
        if rule.audience.where is not None and not (living and living.rule == rule):
            await self.check_where(rule.audience.where)
