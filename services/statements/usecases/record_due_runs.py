"""Record what has fallen due: one run a period, also for periods that are missed.

Ticked in every worker. Whoever has a rule's row records its periods; the others pass by. What is recorded never runs
again. Edits of rules call ``record_up_to_now`` first, so that what fell due before belongs to the old version.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from services.statements.domain.calendar import Occurrence, occurrences, occurrences_between, sends_until
from services.statements.domain.contact_windows import Holidays
from services.statements.domain.due import DuePeriod, judge_due, judge_lost
from services.statements.domain.rule import Rule
from services.statements.storage import rules, runs, segments
from services.statements.storage.rules import StoredRule
from services.statements.storage.runs import Run
from shared.database.engine import Database, Transaction
from shared.runtime.clock import Clock
from shared.runtime.ids import new_id


@dataclass(frozen=True)
class RecordDueRuns:
    """One turn of the tick."""

    database: Database
    clock: Clock

    async def __call__(self) -> bool:
        """Record for the rules with something due; whether there was any."""
        now = self.clock.now()
        async with self.database.transaction() as connection:
            due = await rules.lock_due(connection, now)
            for stored in due:
                await rules.keep(connection, await record_up_to_now(connection, stored, now))
        return bool(due)


async def record_up_to_now(
    connection: Transaction, stored: StoredRule, now: datetime, *, is_restored: bool = False
) -> StoredRule:
    """Record every period of a locked rule that is due; the rule as it is to be kept after that.

    ``is_restored``: a database that is lost may have run them.
    """
    published = await segments.published(connection)
    if stored.rule.status == "active" and not stored.is_deleted:
        due = await _unrecorded(connection, stored, now, published.holidays)
        needs_attention = stored.rule.names_what_vanished(published.segment_ids, published.aging_edges)
        judged = judge_due(stored.rule, due, now, needs_attention=needs_attention, holidays=published.holidays)
        found = judge_lost(judged, now) if is_restored else judged
        await runs.record(connection, [_run(stored, one, published.holidays) for one in found], now)
    through = max(now, stored.recorded_through)
    return replace(stored, recorded_through=through, next_due_at=next_due(stored.rule, through, published.holidays))


async def _unrecorded(
    connection: Transaction, stored: StoredRule, now: datetime, holidays: Holidays
) -> list[Occurrence]:
    due = occurrences_between(stored.rule, stored.recorded_through, now, holidays)
    periods, dates = await runs.recorded(
        connection, stored.rule_id, [one.period for one in due], [one.nominal_on for one in due]
    )
    return [one for one in due if one.period not in periods and one.nominal_on not in dates]


def next_due(rule: Rule, after: datetime, holidays: Holidays) -> datetime | None:
    """When the rule is due next; None while it is inactive or over."""
    if rule.status != "active":
        return None
    following = next(occurrences(rule, after, holidays), None)
    return following.at if following else None


def _run(stored: StoredRule, due: DuePeriod, holidays: Holidays) -> Run:
    occurrence, rule = due.occurrence, stored.rule
    return Run(
        run_id=new_id(),
        rule_id=stored.rule_id,
        rule_version=stored.version,
        period=occurrence.period,
        nominal_on=occurrence.nominal_on,
        due_at=due.due_at,
        send_until_at=sends_until(rule, occurrence.nominal_on, due.due_at, holidays),
        window_ends_at=occurrence.at + rule.catch_up,
        state="missed" if due.missed else "held",
        reason=due.missed,
        min_days_between_contacts=rule.min_days_between_contacts,
        asks_where=rule.audience.where is not None,
    )
