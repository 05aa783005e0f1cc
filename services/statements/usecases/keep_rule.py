"""The way every change of a rule is kept, whatever its verb. A change counts from the moment it is saved."""

from collections.abc import Callable
from datetime import datetime

from services.statements.domain.rule import Rule
from services.statements.storage import rules, runs
from services.statements.storage.rules import StoredRule
from services.statements.usecases.record_due_runs import next_due, record_up_to_now
from shared.basics.errors import Missing
from shared.database import changes
from shared.database.changes import Change
from shared.database.engine import Transaction

Condition = Callable[[StoredRule | None], None]
"""Raises when the rule that is there (None: there is none) is not the one the caller expects."""


def unknown_rule(rule_id: str) -> Missing:
    """There is no such rule, or none any more."""
    return Missing("unknown_rule", f"there is no statement rule {rule_id!r}")


async def lock_living(connection: Transaction, rule_id: str) -> StoredRule:
    """A rule that is not deleted, locked.

    Raises
    ------
    Missing
        There is none.
    """
    stored = await rules.lock(connection, rule_id)
    if stored is None or stored.is_deleted:
        raise unknown_rule(rule_id)
    return stored


async def keep_rule(
    connection: Transaction, rule_id: str, before: StoredRule | None, wanted: Rule, now: datetime, by: str
) -> StoredRule:
    """Keep a new or changed rule, on behalf of ``by``; ``before`` is its locked row, also a deleted one."""
    version = before.version + 1 if before else 1
    if before:
        await record_up_to_now(connection, before, now)
    through = max(now, before.recorded_through) if before else now
    stored = StoredRule(rule_id, version, wanted, through, next_due(wanted, through))
    await rules.keep(connection, stored)
    if before and before.rule.status == "active" and wanted.status == "inactive":
        await runs.stop(connection, rule_id, "rule_deactivated")
    was = before.rule if before and not before.is_deleted else None
    await changes.record(connection, [Change(f"rules/{rule_id}", was, wanted)], by=by, at=now)
    return stored
