"""What the gateway told: each event is heard once."""

from sqlalchemy import text

from shared.database.engine import Transaction

_HEAR = text(
    """
    INSERT INTO gateway_events (provider, event_id) VALUES (:provider, :event_id) ON CONFLICT DO NOTHING
    RETURNING event_id
    """
)


async def is_new(connection: Transaction, provider: str, event_id: str) -> bool:
    """Whether an event of a provider is heard for the first time; noted by this call."""
    return (await connection.execute(_HEAR, {"provider": provider, "event_id": event_id})).first() is not None
