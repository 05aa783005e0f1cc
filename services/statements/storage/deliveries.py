"""The send ledger by customer: one delivery for every rule, period and customer of a run's audience."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import text

from shared.basics.money import Money
from shared.database.engine import Transaction

_COLUMNS = """
    delivery_id, run_id, rule_id, period, customer_id, state, reason, as_of_date, locale,
    CAST(totals AS text) AS totals, accepted_at
"""
_PLAN = text(
    """
    INSERT INTO deliveries (delivery_id, run_id, rule_id, period, customer_id, state, reason, said_something,
        is_prepared, as_of_date)
    SELECT id, CAST(:run_id AS text), CAST(:rule_id AS text), CAST(:period AS text), customer_id,
        CASE WHEN reason IS NULL THEN 'planned' ELSE 'skipped' END, reason, said_something, reason IS NOT NULL,
        CAST(:as_of_date AS date)
    FROM unnest(CAST(:ids AS text[]), CAST(:customer_ids AS text[]), CAST(:reasons AS text[]),
        CAST(:said AS boolean[])) AS n (id, customer_id, reason, said_something)
    ON CONFLICT (rule_id, period, customer_id) DO NOTHING
    """
)
_LOCK = text(
    f"""
    SELECT {_COLUMNS} FROM deliveries WHERE delivery_id = ANY(CAST(:ids AS text[]))
    ORDER BY delivery_id FOR UPDATE
    """
)
_LOCK_DUE = text(
    f"""
    SELECT {_COLUMNS} FROM deliveries WHERE delivery_id IN (
        SELECT delivery_id FROM addresses WHERE next_try_at <= clock_timestamp() ORDER BY next_try_at LIMIT :limit)
    ORDER BY delivery_id FOR UPDATE SKIP LOCKED
    """
)
_LOCK_OF_CUSTOMERS = text(
    f"""
    SELECT {_COLUMNS} FROM deliveries WHERE customer_id = ANY(CAST(:customer_ids AS text[]))
    ORDER BY delivery_id FOR UPDATE
    """
)
_BLANK = text(
    """
    UPDATE deliveries SET statement = NULL, is_prepared = true,
        state = CASE WHEN is_prepared THEN state ELSE 'skipped' END,
        reason = CASE WHEN is_prepared THEN reason ELSE 'erased' END
    WHERE delivery_id = ANY(CAST(:ids AS text[]))
    """
)
_SETTLE = text(
    """
    UPDATE deliveries d SET state = s.state, reason = s.reason, accepted_at = s.accepted_at
    FROM unnest(CAST(:ids AS text[]), CAST(:states AS text[]), CAST(:reasons AS text[]),
        CAST(:accepted_at AS timestamptz[])) AS s (delivery_id, state, reason, accepted_at)
    WHERE d.delivery_id = s.delivery_id
    """
)
_FIND = text(f"SELECT {_COLUMNS} FROM deliveries WHERE delivery_id = :delivery_id")
_FIND_OF = text(
    f"""
    SELECT {_COLUMNS} FROM deliveries
    WHERE rule_id = :rule_id AND period = :period AND customer_id = :customer_id
    """
)
_STATEMENT = text("SELECT statement FROM deliveries WHERE delivery_id = :delivery_id")
_NEXT_UNKNOWN = text(
    """
    SELECT delivery_id FROM deliveries WHERE run_id = :run_id AND state = 'unknown' AND delivery_id > :after
    ORDER BY delivery_id LIMIT :limit
    """
)
_PAGE = text(
    f"""
    SELECT {_COLUMNS} FROM deliveries
    WHERE run_id = :run_id AND customer_id > :after
      AND (CAST(:state AS text) IS NULL OR state = :state)
      AND (CAST(:reason AS text) IS NULL OR reason = :reason)
      AND (CAST(:customer_id AS text) IS NULL OR customer_id = :customer_id)
    ORDER BY customer_id LIMIT :limit
    """
)


_TOTALS = msgspec.json.Decoder(tuple[Money, ...])


@dataclass(frozen=True)
class Planned:
    """A customer of a run's audience; with a ``reason`` nothing is sent. ``said_something``: there were figures."""

    delivery_id: str
    customer_id: str
    said_something: bool
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What became of one customer's statement; or of an alert's message, which is of no run."""

    delivery_id: str
    run_id: str | None
    rule_id: str
    period: str
    customer_id: str
    state: str
    reason: str | None
    as_of_date: date
    locale: str | None
    totals: tuple[Money, ...]
    accepted_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class DeliveryFilter:
    """Which deliveries of a run to list."""

    state: str | None = None
    reason: str | None = None
    customer_id: str | None = None


async def plan(
    connection: Transaction, run_id: str, rule_id: str, period: str, as_of: date, planned: Sequence[Planned]
) -> None:
    """Enter customers of a run's audience, each once for ever."""
    if planned:
        facts = {
            "run_id": run_id,
            "rule_id": rule_id,
            "period": period,
            "as_of_date": as_of,
            "ids": [one.delivery_id for one in planned],
            "customer_ids": [one.customer_id for one in planned],
            "reasons": [one.reason for one in planned],
            "said": [one.said_something for one in planned],
        }
        await connection.execute(_PLAN, facts)


async def lock_due(connection: Transaction, limit: int) -> dict[str, Delivery]:
    """Deliveries with a mail that is due, locked; those that another process has locked are left to it."""
    return {row.delivery_id: _delivery(row) for row in await connection.execute(_LOCK_DUE, {"limit": limit})}


async def lock(connection: Transaction, ids: Sequence[str]) -> dict[str, Delivery]:
    """Deliveries, locked in order; whoever changes one of their addresses locks them first."""
    return {row.delivery_id: _delivery(row) for row in await connection.execute(_LOCK, {"ids": list(ids)})}


async def lock_of_customers(connection: Transaction, customer_ids: Collection[str]) -> dict[str, Delivery]:
    """All deliveries of some customers, locked in order."""
    rows = await connection.execute(_LOCK_OF_CUSTOMERS, {"customer_ids": sorted(customer_ids)})
    return {row.delivery_id: _delivery(row) for row in rows}


async def blank(connection: Transaction, ids: Sequence[str]) -> None:
    """Forget the figures of deliveries whose customer is erased; what is not written yet never will be."""
    await connection.execute(_BLANK, {"ids": list(ids)})


async def settle(connection: Transaction, settled: Sequence[Delivery]) -> None:
    """Keep state, reason and acceptance of deliveries, as they follow from their addresses."""
    if settled:
        facts = {
            "ids": [one.delivery_id for one in settled],
            "states": [one.state for one in settled],
            "reasons": [one.reason for one in settled],
            "accepted_at": [one.accepted_at for one in settled],
        }
        await connection.execute(_SETTLE, facts)


async def find(connection: Transaction, delivery_id: str) -> Delivery | None:
    """A delivery by its id."""
    row = (await connection.execute(_FIND, {"delivery_id": delivery_id})).one_or_none()
    return _delivery(row) if row else None


async def find_of(connection: Transaction, rule_id: str, period: str, customer_id: str) -> Delivery | None:
    """A customer's delivery of a rule's period."""
    facts = {"rule_id": rule_id, "period": period, "customer_id": customer_id}
    row = (await connection.execute(_FIND_OF, facts)).one_or_none()
    return _delivery(row) if row else None


async def statement(connection: Transaction, delivery_id: str) -> dict[str, Any] | None:
    """The figures that were sent, as JSON values; None where nothing was."""
    found: dict[str, Any] | None = (await connection.execute(_STATEMENT, {"delivery_id": delivery_id})).scalar_one()
    return found


async def next_unknown(connection: Transaction, run_id: str, after: str, limit: int) -> list[str]:
    """The deliveries of a run in doubt that follow an id, in order."""
    facts = {"run_id": run_id, "after": after, "limit": limit}
    return list((await connection.execute(_NEXT_UNKNOWN, facts)).scalars())


async def page(connection: Transaction, run_id: str, wanted: DeliveryFilter, after: str, limit: int) -> list[Delivery]:
    """A run's deliveries in order of customer."""
    facts = {
        "run_id": run_id,
        "state": wanted.state,
        "reason": wanted.reason,
        "customer_id": wanted.customer_id,
        "after": after,
        "limit": limit,
    }
    return [_delivery(row) for row in await connection.execute(_PAGE, facts)]


def _delivery(row: Any) -> Delivery:
    totals = _TOTALS.decode(row.totals)
    fields = {name: getattr(row, name) for name in Delivery.__dataclass_fields__ if name != "totals"}
    return Delivery(totals=totals, **fields)
