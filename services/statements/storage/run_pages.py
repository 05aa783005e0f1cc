"""Runs as they are read: one, pages of them, and their customers counted by state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text

from services.statements.storage.runs import COLUMNS, Run, run_of
from shared.database.engine import Transaction

_FIND = text(f"SELECT {COLUMNS} FROM runs WHERE run_id = :run_id")
_PAGE = text(
    f"""
    SELECT {COLUMNS} FROM runs
    WHERE (CAST(:rule_id AS text) IS NULL OR rule_id = :rule_id)
      AND (CAST(:state AS text) IS NULL OR state = :state)
      AND (CAST(:since AS timestamptz) IS NULL OR due_at >= :since)
      AND (CAST(:until AS timestamptz) IS NULL OR due_at <= :until)
      AND (CAST(:before_at AS timestamptz) IS NULL OR (due_at, run_id) < (:before_at, CAST(:before_id AS text)))
    ORDER BY due_at DESC, run_id DESC LIMIT :limit
    """
)
_BETWEEN = text(
    f"""
    SELECT {COLUMNS} FROM runs WHERE rule_id = :rule_id AND nominal_on BETWEEN :since AND :until
    ORDER BY nominal_on DESC
    """
)
_IS_PLANNED = text(
    """
    SELECT state <> 'held' AND (is_planned OR planned_up_to >= CAST(:customer_id AS text)) FROM runs
    WHERE run_id = :run_id
    """
)
_LAST_OF = text(
    f"""
    SELECT DISTINCT ON (rule_id) {COLUMNS} FROM runs WHERE rule_id = ANY(CAST(:rule_ids AS text[]))
    ORDER BY rule_id, due_at DESC, run_id DESC
    """
)
_COUNTS = text(
    """
    SELECT run_id, state, reason, count(*) AS customers FROM deliveries WHERE run_id = ANY(CAST(:run_ids AS text[]))
    GROUP BY run_id, state, reason
    """
)


@dataclass(frozen=True)
class Count:
    """How many customers of a run are in a state for a reason."""

    run_id: str
    state: str
    reason: str | None
    customers: int


@dataclass(frozen=True, kw_only=True)
class RunFilter:
    """Which runs to list; ``since`` and ``until`` are due instants, both included."""

    rule_id: str | None = None
    state: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def find(connection: Transaction, run_id: str) -> Run | None:
    """A run by its id."""
    row = (await connection.execute(_FIND, {"run_id": run_id})).one_or_none()
    return run_of(row) if row else None


async def page(
    connection: Transaction, wanted: RunFilter, before: tuple[datetime, str] | None, limit: int
) -> list[Run]:
    """Runs, the newest first; ``before`` is the (due instant, id) of the last one seen."""
    before_at, before_id = before or (None, None)
    facts = {
        "rule_id": wanted.rule_id,
        "state": wanted.state,
        "since": wanted.since,
        "until": wanted.until,
        "before_at": before_at,
        "before_id": before_id,
        "limit": limit,
    }
    return [run_of(row) for row in await connection.execute(_PAGE, facts)]


async def between(connection: Transaction, rule_id: str, since: date, until: date) -> list[Run]:
    """The runs of a rule whose nominal dates lie between two, both included, the newest first."""
    facts = {"rule_id": rule_id, "since": since, "until": until}
    return [run_of(row) for row in await connection.execute(_BETWEEN, facts)]


async def is_planned_up_to(connection: Transaction, run_id: str, customer_id: str) -> bool:
    """Whether a run has decided whether a customer is in its audience."""
    facts = {"run_id": run_id, "customer_id": customer_id}
    return bool((await connection.execute(_IS_PLANNED, facts)).scalar_one())


async def last_of(connection: Transaction, rule_ids: Sequence[str]) -> dict[str, Run]:
    """The newest run of each rule that has one."""
    rows = await connection.execute(_LAST_OF, {"rule_ids": list(rule_ids)})
    return {row.rule_id: run_of(row) for row in rows}


async def counts(connection: Transaction, run_ids: Sequence[str]) -> list[Count]:
    """Customers of some runs by state and reason."""
    rows = await connection.execute(_COUNTS, {"run_ids": list(run_ids)})
    return [Count(row.run_id, row.state, row.reason, row.customers) for row in rows]
