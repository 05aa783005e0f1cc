"""Messages of alerts in the send ledger: deliveries of no run, each with its texts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import text

from services.statements.domain.messages import SENT_WITHIN, Message
from shared.database.engine import Transaction
from shared.runtime.ids import new_id

_PLAN = text(
    """
    WITH told AS (
        SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS n (
            delivery_id text, alert_id text, alert_rule text, customer_id text, as_of date, subject jsonb, body jsonb,
            window_ends_at timestamptz, traceparent text)
    ), planned AS (
        INSERT INTO deliveries (delivery_id, rule_id, period, customer_id, state, said_something, as_of_date)
        SELECT delivery_id, alert_rule, alert_id, customer_id, 'planned', true, as_of FROM told ORDER BY customer_id
        ON CONFLICT (rule_id, period, customer_id) DO NOTHING
        RETURNING delivery_id
    )
    INSERT INTO messages (customer_id, delivery_id, subject, body, window_ends_at, traceparent)
    SELECT customer_id, delivery_id, subject, body, window_ends_at, traceparent
    FROM told JOIN planned USING (delivery_id)
    ORDER BY customer_id
    """
)
_CLAIM = text(
    """
    SELECT d.delivery_id, d.customer_id, d.rule_id, d.period, d.as_of_date, m.subject, m.body, m.window_ends_at,
        b.customer_id IS NOT NULL AS is_behind
    FROM deliveries d JOIN messages m USING (customer_id, delivery_id)
    LEFT JOIN customers c USING (customer_id) LEFT JOIN behind b USING (customer_id)
    WHERE NOT d.is_prepared AND d.run_id IS NULL AND ((c.seq > 0 AND b.customer_id IS NULL)
        OR m.heard_at < clock_timestamp() - CAST(:wait_for_ledger AS interval))
    ORDER BY d.delivery_id LIMIT :limit FOR UPDATE OF d SKIP LOCKED
    """
)


@dataclass(frozen=True, kw_only=True)
class UnpreparedMessage:
    """A planned message; ``is_behind``: the customer is not known in full even after waiting."""

    delivery_id: str
    customer_id: str
    rule_id: str
    period: str
    as_of_date: date
    subject: Mapping[str, str]
    body: Mapping[str, str]
    window_ends_at: datetime
    is_behind: bool


async def plan(connection: Transaction, told: Sequence[Message]) -> None:
    """Enter messages, each alert's once for ever."""
    if told:
        rows = [_row(message) for message in told]
        await connection.execute(_PLAN, {"rows": msgspec.json.encode(rows).decode()})


def _row(message: Message) -> dict[str, Any]:
    return {
        "delivery_id": new_id(),
        "alert_id": message.alert_id,
        "alert_rule": message.alert_rule,
        "customer_id": message.customer_id,
        "as_of": message.as_of,
        "subject": message.subject,
        "body": message.body,
        "window_ends_at": message.raised_at + SENT_WITHIN,
        "traceparent": message.traceparent,
    }


async def claim_unprepared(connection: Transaction, limit: int, wait_for_ledger: Any) -> list[UnpreparedMessage]:
    """Planned messages, locked; of customers not known in full only once they have waited long enough."""
    rows = await connection.execute(_CLAIM, {"limit": limit, "wait_for_ledger": wait_for_ledger})
    return [UnpreparedMessage(**row._mapping) for row in rows]
