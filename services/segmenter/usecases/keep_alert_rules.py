"""Create, change, read and delete alert rules; each change is judged for everyone by ``judge_alert_rules``."""

from collections.abc import Callable
from dataclasses import dataclass

from services.segmenter.domain.alert_rules import MOST_ACTIVE, AlertRule
from services.segmenter.storage import alert_rules
from services.segmenter.storage.revisions import load_published
from services.segmenter.usecases.check_rule import CheckRule
from shared.basics.errors import Conflict, Missing, mistake
from shared.basics.pointer import pointer
from shared.database.changes import Change, record
from shared.database.engine import Database, Transaction
from shared.runtime.clock import Clock

Condition = Callable[[AlertRule | None], None]
"""Raises when the stored rule is not the one the caller expects."""


@dataclass(frozen=True)
class KeepAlertRules:
    """Alert rules by id."""

    database: Database
    clock: Clock
    check_rule: CheckRule

    async def put(self, alert_rule_id: str, rule: AlertRule, condition: Condition, *, by: str) -> bool:
        """Create or replace a rule; whether it is new.

        Raises
        ------
        BadInput
            Its ``when`` cannot be read, or it names a segment that there is not.
        Conflict
            There are 60 active rules already.
        """
        async with self.database.transaction() as connection:
            await alert_rules.fence(connection)
            stored = await alert_rules.find_rule(connection, alert_rule_id)
            condition(stored)
            if stored == rule:
                return False
            await self._check(connection, alert_rule_id, rule)
            await alert_rules.keep_rule(connection, alert_rule_id, rule)
            await self._record(connection, Change(f"alert-rules/{alert_rule_id}", stored, rule), by)
        return stored is None

    async def _check(self, connection: Transaction, alert_rule_id: str, rule: AlertRule) -> None:
        if rule.when is not None:
            await self.check_rule.of_alert(connection, rule.when)
        cascade = await load_published(connection)
        for place, segment_id in enumerate(rule.segment_ids):
            if not cascade.has(segment_id):
                detail = f"the published cascade has no segment {segment_id}"
                raise mistake(pointer("segment_ids", place), "unknown_segment", detail)
        if rule.is_active and await alert_rules.count_active(connection, alert_rule_id) >= MOST_ACTIVE:
            raise Conflict("too_many_rules", f"at most {MOST_ACTIVE} alert rules are active")

    async def get(self, alert_rule_id: str) -> AlertRule:
        """One rule."""
        async with self.database.transaction() as connection:
            found = await alert_rules.find_rule(connection, alert_rule_id)
        return _there(found, alert_rule_id)

    async def page(self, after: str, limit: int) -> list[tuple[str, AlertRule]]:
        """(id, rule) in order of id."""
        async with self.database.transaction() as connection:
            return await alert_rules.page_rules(connection, after, limit)

    async def delete(self, alert_rule_id: str, condition: Condition, *, by: str) -> None:
        """Delete a rule; its open alerts are cleared."""
        async with self.database.transaction() as connection:
            await alert_rules.fence(connection)
            stored = _there(await alert_rules.find_rule(connection, alert_rule_id), alert_rule_id)
            condition(stored)
            await alert_rules.delete_rule(connection, alert_rule_id)
            await self._record(connection, Change(f"alert-rules/{alert_rule_id}", stored, None), by)

    async def _record(self, connection: Transaction, change: Change, by: str) -> None:
        await record(connection, [change], by=by, at=self.clock.now())


def _there(found: AlertRule | None, alert_rule_id: str) -> AlertRule:
    if found is None:
        raise Missing("unknown_alert_rule", f"there is no alert rule {alert_rule_id}")
    return found
