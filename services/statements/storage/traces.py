"""The trace that a delivery belongs to: that of the alert which asks for it, or of its run."""

from sqlalchemy import text

from shared.database.engine import Transaction

_OF_DELIVERY = text(
    """
    SELECT coalesce(m.traceparent, r.traceparent) FROM deliveries d LEFT JOIN runs r USING (run_id)
    LEFT JOIN messages m ON (m.customer_id, m.delivery_id) = (d.customer_id, d.delivery_id)
    WHERE d.delivery_id = :delivery_id
    """
)


async def trace_of(connection: Transaction, delivery_id: str) -> str | None:
    """The ``traceparent``; None if nobody traced."""
    found: str | None = (await connection.execute(_OF_DELIVERY, {"delivery_id": delivery_id})).scalar_one_or_none()
    return found
