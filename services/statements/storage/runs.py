"""Runs: one row for every period of a rule that fell due, and its way from held to finished."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text

from services.statements.domain.due import MissedReason
from services.statements.domain.skipping import StopReason
from shared.database.engine import Transaction
from shared.runtime import tracing

COLUMNS = """
    run_id, rule_id, rule_version, period, nominal_on, due_at, send_until_at, window_ends_at, state, reason,
    stopped_for, is_cut, is_stale, as_of_date, facts_through, segments_through, waited_seconds, started_at, finished_at,
    min_days_between_contacts, asks_where
"""
_INSERT = text(
    """
    INSERT INTO runs (run_id, rule_id, rule_version, period, nominal_on, due_at, send_until_at, window_ends_at, state,
        reason, min_days_between_contacts, asks_where, alive_at, traceparent, held_since)
    VALUES (:run_id, :rule_id, :rule_version, :period, :nominal_on, :due_at, :send_until_at, :window_ends_at, :state,
        :reason, :min_days_between_contacts, :asks_where, :now, CAST(:traceparent AS text),
        CASE WHEN CAST(:due_at AS timestamptz) <= :now THEN clock_timestamp() END)
    ON CONFLICT DO NOTHING
    """
)
_RECORDED = text(
    """
    SELECT period, nominal_on FROM runs
    WHERE rule_id = :rule_id
      AND (period = ANY(CAST(:periods AS text[])) OR nominal_on = ANY(CAST(:dates AS date[])))
    """
)
_HOLD = text(
    """
    UPDATE runs SET held_since = clock_timestamp() WHERE run_id IN (
        SELECT run_id FROM runs WHERE state = 'held' AND held_since IS NULL AND due_at <= :now
        ORDER BY run_id FOR UPDATE SKIP LOCKED)
    """
)
_LOCK_HELD = text(
    """
    SELECT run_id, rule_id, rule_version, due_at, clock_timestamp() - held_since AS waited, asks_where
    FROM runs WHERE state = 'held' AND held_since IS NOT NULL AND NOT may_ask
    ORDER BY run_id FOR UPDATE SKIP LOCKED
    """
)
_MISS = text("UPDATE runs SET state = 'missed', reason = :reason, is_planned = true WHERE run_id = :run_id")
_START = text(
    """
    UPDATE runs SET state = 'running', as_of_date = :as_of_date, started_at = :now, alive_at = :now,
        facts_through = :facts_through, segments_through = :segments_through, is_stale = :is_stale,
        waited_seconds = round(extract(epoch FROM clock_timestamp() - held_since), 1)
    WHERE run_id = :run_id
    """
)
_STAY_ALIVE = text(
    """
    UPDATE runs SET alive_at = :now,
        is_cut = is_cut OR (CAST(:now AS timestamptz) - alive_at > interval '60 seconds' AND :now > window_ends_at)
    WHERE run_id IN (
        SELECT run_id FROM runs
        WHERE state IN ('held', 'running') AND alive_at < CAST(:now AS timestamptz) - interval '1 second'
        ORDER BY run_id FOR UPDATE SKIP LOCKED)
    """
)
_LOCK = text(f"SELECT {COLUMNS} FROM runs WHERE run_id = :run_id FOR UPDATE")
_CANCEL = text(
    """
    UPDATE runs SET stopped_for = coalesce(stopped_for, 'run_cancelled'), is_planned = is_planned OR state = 'held',
        state = 'cancelled'
    WHERE run_id = :run_id
    """
)
_REOPEN = text(
    """
    UPDATE runs SET state = 'running', finished_at = NULL, alive_at = :now WHERE run_id IN (
        SELECT run_id FROM runs WHERE state = 'finished' AND run_id IN (
            SELECT run_id FROM deliveries
            WHERE delivery_id = ANY(CAST(:delivery_ids AS text[])) AND state = 'retry_wait')
        ORDER BY run_id FOR UPDATE)
    """
)
_FINISH = text(
    """
    UPDATE runs r SET state = CASE state WHEN 'running' THEN 'finished' ELSE state END, finished_at = :now
    WHERE run_id IN (SELECT run_id FROM runs
                     WHERE is_planned AND (state = 'running' OR (state = 'cancelled' AND finished_at IS NULL))
                     ORDER BY run_id FOR UPDATE SKIP LOCKED)
      AND NOT EXISTS (SELECT FROM deliveries d
                      WHERE d.run_id = r.run_id AND d.state IN ('planned', 'sending', 'retry_wait'))
      AND NOT EXISTS (SELECT FROM addresses a JOIN deliveries d USING (delivery_id)
                      WHERE a.next_try_at IS NOT NULL AND d.run_id = r.run_id)
    RETURNING run_id
    """
)
_STOP = text(
    """
    UPDATE runs SET stopped_for = coalesce(stopped_for, :reason)
    WHERE rule_id = :rule_id AND state IN ('held', 'running')
    """
)
_LATENESS = text(
    """
    SELECT min(due_at) FILTER (WHERE state IN ('held', 'running')) AS oldest,
        count(*) FILTER (WHERE state = 'held' AND due_at <= :now) AS held,
        count(*) FILTER (WHERE state = 'running') AS running,
        count(*) FILTER (WHERE state = 'missed' AND due_at > CAST(:now AS timestamptz) - interval '24 hours') AS missed
    FROM runs
    """
)
_CLAIM_UNPLANNED = text(
    f"""
    SELECT {COLUMNS}, planned_up_to FROM runs WHERE state IN ('running', 'cancelled') AND NOT is_planned
    ORDER BY due_at, rule_id LIMIT 1 FOR UPDATE SKIP LOCKED
    """
)
_PLANNED = text("UPDATE runs SET planned_up_to = :up_to, is_planned = :is_planned WHERE run_id = :run_id")


@dataclass(frozen=True, kw_only=True)
class Run:
    """A period of a rule that fell due. ``waited_seconds`` of machine time it was held; the rest is business time."""

    run_id: str
    rule_id: str
    rule_version: int
    period: str
    nominal_on: date
    due_at: datetime
    send_until_at: datetime | None
    window_ends_at: datetime
    state: str
    reason: str | None
    stopped_for: str | None = None
    is_cut: bool = False
    is_stale: bool = False
    as_of_date: date | None = None
    facts_through: datetime | None = None
    segments_through: datetime | None = None
    waited_seconds: float | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    min_days_between_contacts: int = 0
    asks_where: bool = False


@dataclass(frozen=True)
class HeldRun:
    """A run that waits for figures; ``waited`` is machine time. ``asks_where``: it asks the segmenter who it is for."""

    run_id: str
    rule_id: str
    rule_version: int
    due_at: datetime
    waited: timedelta
    asks_where: bool


@dataclass(frozen=True, kw_only=True)
class Start:
    """What a run starts from."""

    run_id: str
    as_of_date: date
    now: datetime
    facts_through: datetime | None
    segments_through: datetime | None
    is_stale: bool


async def record(connection: Transaction, runs: Sequence[Run], now: datetime) -> None:
    """Record periods that fell due; one that is recorded already stays as it is."""
    if runs:
        await connection.execute(_INSERT, [{**vars(run), "now": now, "traceparent": _trace(run)} for run in runs])


def _trace(run: Run) -> str | None:
    """Nobody asked for a run, so a trace begins with it."""
    attributes = {"cascada.run_id": run.run_id, "cascada.rule_id": run.rule_id, "cascada.period": run.period}
    return tracing.moment(f"run {run.state}", "internal", attributes=attributes)


async def recorded(
    connection: Transaction, rule_id: str, periods: Sequence[str], dates: Sequence[date]
) -> tuple[set[str], set[date]]:
    """Which of some periods and nominal dates of a rule are recorded."""
    given = {"rule_id": rule_id, "periods": list(periods), "dates": list(dates)}
    found = list(await connection.execute(_RECORDED, given))
    return {row.period for row in found}, {row.nominal_on for row in found}


async def lock_held(connection: Transaction, now: datetime) -> list[HeldRun]:
    """Runs that wait for figures, locked; one that is due only later does not wait yet."""
    await connection.execute(_HOLD, {"now": now})
    return [HeldRun(**row._mapping) for row in await connection.execute(_LOCK_HELD)]


async def miss(connection: Transaction, run_id: str, reason: MissedReason) -> None:
    """Let a held run never start."""
    await connection.execute(_MISS, {"run_id": run_id, "reason": reason})


async def start(connection: Transaction, start: Start) -> None:
    """Let a held run go on."""
    await connection.execute(_START, vars(start))


async def stay_alive(connection: Transaction, now: datetime) -> None:
    """Note that running runs are worked on; one that an outage carried out of its window is cut."""
    await connection.execute(_STAY_ALIVE, {"now": now})


async def finish(connection: Transaction, now: datetime) -> list[str]:
    """End the runs of which nothing is under way any more."""
    return list((await connection.execute(_FINISH, {"now": now})).scalars())


async def stop(connection: Transaction, rule_id: str, reason: StopReason) -> None:
    """Send nothing more of a rule's runs that are under way."""
    await connection.execute(_STOP, {"rule_id": rule_id, "reason": reason})


async def lock(connection: Transaction, run_id: str) -> Run | None:
    """A run by its id, locked."""
    row = (await connection.execute(_LOCK, {"run_id": run_id})).one_or_none()
    return run_of(row) if row else None


async def cancel(connection: Transaction, run_id: str) -> None:
    """Send nothing more of a run that is held or running."""
    await connection.execute(_CANCEL, {"run_id": run_id})


async def reopen(connection: Transaction, delivery_ids: Collection[str], now: datetime) -> None:
    """Let runs that had ended go on: some of their deliveries are to be sent again."""
    await connection.execute(_REOPEN, {"delivery_ids": sorted(delivery_ids), "now": now})


async def claim_unplanned(connection: Transaction) -> tuple[Run, str] | None:
    """A running run whose audience is not planned yet, locked, and the last customer planned."""
    row = (await connection.execute(_CLAIM_UNPLANNED)).one_or_none()
    return (run_of(row), row.planned_up_to) if row else None


async def note_planned(connection: Transaction, run_id: str, up_to: str, *, is_planned: bool) -> None:
    """Note how far a run's audience is planned."""
    await connection.execute(_PLANNED, {"run_id": run_id, "up_to": up_to, "is_planned": is_planned})


def run_of(row: Any) -> Run:
    """A run from its row."""
    waited = None if row.waited_seconds is None else float(row.waited_seconds)
    names = [name for name in Run.__dataclass_fields__ if name != "waited_seconds"]
    return Run(waited_seconds=waited, **{name: getattr(row, name) for name in names})


@dataclass(frozen=True)
class Lateness:
    """When the run was due that has waited or worked the longest; runs that are due, and those missed in a day."""

    oldest: datetime | None
    held: int
    running: int
    missed: int


async def lateness(connection: Transaction, now: datetime) -> Lateness:
    """How late runs are at a moment of business time."""
    return Lateness(*(await connection.execute(_LATENESS, {"now": now})).one())
