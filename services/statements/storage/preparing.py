"""Deliveries on their way from planned to written: claimed for as long as they are read and written, then kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import text

from services.statements.domain.skipping import StopReason
from shared.basics.money import Money
from shared.database.engine import Transaction

_LOOKED_AT = 4
"""Times as many as are wanted: others may hold some, and some may have to wait."""
_NEXT = text(
    """
    SELECT delivery_id FROM deliveries WHERE NOT is_prepared AND delivery_id > :after
    ORDER BY delivery_id LIMIT :limit
    """
)
_CLAIM = text(
    """
    SELECT d.delivery_id, d.customer_id, d.rule_id, d.period, d.as_of_date, d.said_something, r.rule_version, r.due_at,
        r.stopped_for, r.is_cut, r.send_until_at, b.customer_id IS NOT NULL AS is_behind
    FROM deliveries d JOIN runs r USING (run_id) LEFT JOIN behind b USING (customer_id)
    WHERE d.delivery_id = ANY(CAST(:ids AS text[])) AND NOT d.is_prepared AND r.state IN ('running', 'cancelled')
      AND (b.customer_id IS NULL OR r.held_since < clock_timestamp() - CAST(:wait_for_ledger AS interval))
      AND (r.min_days_between_contacts = 0 OR NOT EXISTS (
        SELECT FROM runs o WHERE o.due_at = r.due_at AND o.rule_id < r.rule_id AND o.state IN ('held', 'running')
            AND NOT o.is_planned
        UNION ALL
        SELECT FROM deliveries e LEFT JOIN runs o USING (run_id)
        WHERE e.customer_id = d.customer_id AND coalesce(e.state IN ('planned', 'sending', 'retry_wait'), false)
            AND e.delivery_id <> d.delivery_id
            AND (e.run_id IS NULL OR (o.due_at, o.rule_id) < (r.due_at, r.rule_id))))
    ORDER BY d.delivery_id LIMIT :limit FOR UPDATE OF d SKIP LOCKED
    """
)
"""``coalesce`` hides the state from the index of all that is under way: a customer's few are looked up by customer."""
_PREPARED = text(
    """
    UPDATE deliveries d SET is_prepared = true, state = p.state, reason = p.reason, locale = p.locale,
        keeps_content = p.state = 'planned', totals = CAST(p.totals AS jsonb), statement = CAST(p.statement AS json)
    FROM unnest(CAST(:ids AS text[]), CAST(:states AS text[]), CAST(:reasons AS text[]), CAST(:locales AS text[]),
        CAST(:totals AS text[]), CAST(:statements AS text[]))
        AS p (delivery_id, state, reason, locale, totals, statement)
    WHERE d.delivery_id = p.delivery_id
    """
)


@dataclass(frozen=True, kw_only=True)
class Unprepared:
    """A planned delivery with what its run says about sending."""

    delivery_id: str
    customer_id: str
    rule_id: str
    rule_version: int
    period: str
    due_at: datetime
    as_of_date: date
    said_something: bool
    stopped_for: StopReason | None
    is_cut: bool
    send_until_at: datetime | None
    is_behind: bool


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """What preparing found: to be skipped for a reason, or figures and text to be sent."""

    delivery_id: str
    state: str
    reason: str | None
    locale: str | None
    totals: Sequence[Money]
    statement: dict[str, Any] | None


async def claim_unprepared(connection: Transaction, limit: int, wait_for_ledger: timedelta) -> list[Unprepared]:
    """Planned deliveries, locked; of customers that are behind only once their run has waited long enough.

    Where a rule wants days between contacts, a customer's earlier ones (of the same instant: those of smaller rule
    ids) must have come to something first. They are looked at a few at a time, in order: PostgreSQL, asked at once,
    takes those that wait for few and looks at all of them for every claim.
    """
    after: str | None = ""
    while after is not None:
        looked_at = limit * _LOOKED_AT
        ids = list((await connection.execute(_NEXT, {"after": after, "limit": looked_at})).scalars())
        facts = {"ids": ids, "limit": limit, "wait_for_ledger": wait_for_ledger}
        claimed = [Unprepared(**row._mapping) for row in await connection.execute(_CLAIM, facts)] if ids else []
        if claimed:
            return claimed
        after = ids[-1] if len(ids) == looked_at else None
    return []


async def keep_prepared(connection: Transaction, prepared: Sequence[Prepared]) -> None:
    """Keep what preparing found."""
    if prepared:
        facts = {
            "ids": [one.delivery_id for one in prepared],
            "states": [one.state for one in prepared],
            "reasons": [one.reason for one in prepared],
            "locales": [one.locale for one in prepared],
            "totals": [msgspec.json.encode(one.totals).decode() for one in prepared],
            "statements": [msgspec.json.encode(one.statement).decode() if one.statement else None for one in prepared],
        }
        await connection.execute(_PREPARED, facts)
