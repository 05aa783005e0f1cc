"""What the gateway told: each event is heard once, for as long as it may be repeated."""

from datetime import timedelta

from sqlalchemy import text

from shared.database.engine import Transaction

_HEAR = text(
    """
    INSERT INTO gateway_events (provider, event_id) VALUES (:provider, :event_id) ON CONFLICT DO NOTHING
    RETURNING event_id
    """
)
_FORGET = text(
    """
    DELETE FROM gateway_events WHERE (provider, event_id) IN (
        SELECT provider, event_id FROM gateway_events
        WHERE received_at < clock_timestamp() - CAST(:kept_for AS interval)
        ORDER BY received_at LIMIT 1000 FOR UPDATE SKIP LOCKED)
    RETURNING event_id
    """
)


async def is_new(connection: Transaction, provider: str, event_id: str) -> bool:
    """Whether an event of a provider is heard for the first time; noted by this call."""
    return (await connection.execute(_HEAR, {"provider": provider, "event_id": event_id})).first() is not None


async def forget(connection: Transaction, kept_for: timedelta) -> bool:
    """Forget some events that were heard longer ago (machine time); whether there were any."""
    return (await connection.execute(_FORGET, {"kept_for": kept_for})).first() is not None
