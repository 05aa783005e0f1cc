"""The trace that a delivery belongs to: that of the alert which asks for it, or of its run."""

from collections.abc import Sequence

from sqlalchemy import text

from shared.database.engine import Transaction

_OF_DELIVERIES = text(
    """
    SELECT d.delivery_id, coalesce(m.traceparent, r.traceparent) AS traceparent
    FROM deliveries d LEFT JOIN runs r USING (run_id)
    LEFT JOIN messages m ON (m.customer_id, m.delivery_id) = (d.customer_id, d.delivery_id)
    WHERE d.delivery_id = ANY(CAST(:ids AS text[]))
    """
)


async def traces_of(connection: Transaction, delivery_ids: Sequence[str]) -> dict[str, str | None]:
    """The ``traceparent`` of each delivery; None if nobody traced."""
    rows = await connection.execute(_OF_DELIVERIES, {"ids": list(delivery_ids)})
    return {row.delivery_id: row.traceparent for row in rows}
