"""Rows of ``alerts_held`` (for whom which rule holds) and ``alerts`` (what was raised, and what became of it)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.alerts import Alert, AlertStatus, Episode, Told, Turned
from services.segmenter.domain.reason import Reason
from shared.basics.money import Money

_BEGIN = text(
    """
    INSERT INTO alerts_held (customer_id, alert_rule_id, alert_id)
    SELECT customer_id, alert_rule_id, CAST(alert_id AS uuid)
    FROM unnest(CAST(:customers AS text[]), CAST(:rules AS text[]), CAST(:alerts AS text[]))
        AS n (customer_id, alert_rule_id, alert_id)
    """
)
_END = text(
    """
    DELETE FROM alerts_held h USING unnest(CAST(:customers AS text[]), CAST(:rules AS text[])) AS n (customer_id, rule)
    WHERE (h.customer_id, h.alert_rule_id) = (n.customer_id, n.rule)
    RETURNING h.customer_id, h.alert_rule_id, CAST(h.alert_id AS text) AS alert_id
    """
)
_RAISE = text(
    """
    INSERT INTO alerts (customer_id, alert_id, alert_rule_id, action, status, as_of, overdue_balance, currency,
        days_past_due, reasons)
    SELECT customer_id, CAST(alert_id AS uuid), alert_rule_id, action, 'open', CAST(:as_of AS date), overdue, currency,
        days, CAST(reasons AS jsonb)
    FROM unnest(
        CAST(:customers AS text[]), CAST(:alerts AS text[]), CAST(:rules AS text[]), CAST(:actions AS text[]),
        CAST(:overdue AS numeric[]), CAST(:currencies AS text[]), CAST(:days AS integer[]), CAST(:reasons AS text[]))
        AS n (customer_id, alert_id, alert_rule_id, action, overdue, currency, days, reasons)
    """
)
_CLEAR = text(
    """
    UPDATE alerts SET status = 'cleared'
    WHERE alert_id = ANY(CAST(CAST(:alerts AS text[]) AS uuid[])) AND status <> 'cleared'
    """
)
_COUNT_ON = text(
    """
    UPDATE membership m SET sequence = n.sequence
    FROM unnest(CAST(:customers AS text[]), CAST(:sequences AS bigint[])) AS n (customer_id, sequence)
    WHERE m.customer_id = n.customer_id
    """
)
_SHOWN = """
    SELECT CAST(a.alert_id AS text) AS alert_id, a.alert_rule_id, a.customer_id, c.name, c.phone, a.action, a.status,
        a.as_of, a.overdue_balance, a.currency, a.days_past_due, a.reasons
    FROM alerts a JOIN customers c USING (customer_id)
"""
_LOCK = text(f"{_SHOWN} WHERE a.alert_id = CAST(:alert_id AS uuid) FOR UPDATE OF a")
_SET = text("UPDATE alerts SET status = :status WHERE alert_id = CAST(:alert_id AS uuid)")
_CONDITIONS = {
    "action": "a.action = :action",
    "status": "a.status = :status",
    "rule": "a.alert_rule_id = :rule",
    "currency": "a.currency = :currency",
}
_AFTER = "(a.overdue_balance < CAST(:balance AS numeric) OR (a.overdue_balance = CAST(:balance AS numeric)"
_AFTER += " AND a.alert_id > CAST(:alert_id AS uuid)))"


@dataclass(frozen=True)
class Wanted:
    """Which alerts; None asks for nothing."""

    action: str | None = None
    status: str | None = None
    rule: str | None = None
    currency: str | None = None


async def keep_begun(connection: AsyncConnection, episodes: Sequence[Episode]) -> None:
    """Note what holds from now on."""
    if episodes:
        await connection.execute(
            _BEGIN,
            {
                "customers": [one.customer_id for one in episodes],
                "rules": [one.alert_rule_id for one in episodes],
                "alerts": [one.alert_id for one in episodes],
            },
        )


async def end_episodes(connection: AsyncConnection, turned: Sequence[Turned]) -> list[Episode]:
    """End what holds no longer, and clear its alerts: the episodes that ended."""
    ended = [(one.customer_id, rule) for one in turned for rule in one.ended]
    if not ended:
        return []
    customers, rules = zip(*ended, strict=True)
    rows = await connection.execute(_END, {"customers": list(customers), "rules": list(rules)})
    episodes = [Episode(row.customer_id, row.alert_rule_id, row.alert_id) for row in rows]
    await connection.execute(_CLEAR, {"alerts": [one.alert_id for one in episodes if one.alert_id]})
    return episodes


async def keep_raised(
    connection: AsyncConnection, raised: Sequence[Told], reasons: Mapping[Episode, Sequence[Reason]], as_of: date
) -> None:
    """Keep the alerts that are raised."""
    if not raised:
        return
    await connection.execute(
        _RAISE,
        {
            "as_of": as_of,
            "customers": [one.episode.customer_id for one in raised],
            "alerts": [one.episode.alert_id for one in raised],
            "rules": [one.episode.alert_rule_id for one in raised],
            "actions": [one.rule.rule.action for one in raised if one.rule],
            "overdue": [one.turned.overdue_balance.amount for one in raised],
            "currencies": [one.turned.overdue_balance.currency for one in raised],
            "days": [one.turned.days_past_due for one in raised],
            "reasons": [msgspec.json.encode(reasons.get(one.episode, ())).decode() for one in raised],
        },
    )


async def count_on(connection: AsyncConnection, told: Sequence[Told]) -> None:
    """Note how far the sequences of customers have come."""
    last = {one.episode.customer_id: one.sequence for one in told}
    if last:
        await connection.execute(_COUNT_ON, {"customers": list(last), "sequences": list(last.values())})


async def page_alerts(
    connection: AsyncConnection, wanted: Wanted, after: tuple[str, str] | None, limit: int
) -> list[Alert]:
    """Alerts, the largest overdue balance first; ``after``: (balance, alert id) of the last one seen."""
    given = {name: value for name, value in vars(wanted).items() if value is not None}
    conditions = [_CONDITIONS[name] for name in given] + ([_AFTER] if after else [])
    where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
    place = {"balance": after[0], "alert_id": after[1]} if after else {}
    query = text(f"{_SHOWN} {where} ORDER BY a.overdue_balance DESC, a.alert_id LIMIT :limit")
    return [_alert(row) for row in await connection.execute(query, {**given, **place, "limit": limit})]


async def lock_alert(connection: AsyncConnection, alert_id: str) -> Alert | None:
    """One alert, for this transaction alone."""
    row = (await connection.execute(_LOCK, {"alert_id": alert_id})).one_or_none()
    return None if row is None else _alert(row)


async def set_status(connection: AsyncConnection, alert_id: str, status: AlertStatus) -> None:
    """Keep what became of an alert."""
    await connection.execute(_SET, {"alert_id": alert_id, "status": status})


def _alert(row: Row[Any]) -> Alert:
    return Alert(
        alert_id=row.alert_id,
        alert_rule_id=row.alert_rule_id,
        customer_id=row.customer_id,
        name=row.name,
        phone=row.phone,
        action=row.action,
        status=row.status,
        as_of=row.as_of,
        overdue_balance=Money(row.overdue_balance, row.currency),
        days_past_due=row.days_past_due,
        reasons=row.reasons,
    )
