"""What the gateway told: events heard once, addresses that are not written to any more."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import text

from shared.database.engine import Transaction

_HEAR = text(
    """
    INSERT INTO gateway_events (provider, event_id) VALUES (:provider, :event_id) ON CONFLICT DO NOTHING
    RETURNING event_id
    """
)
_SUPPRESS = text(
    """
    INSERT INTO suppressions (address_sha256, reason, since) VALUES (:address_sha256, :reason, :since)
    ON CONFLICT DO NOTHING
    """
)
_SUPPRESSED = text("SELECT address_sha256 FROM suppressions WHERE address_sha256 = ANY(CAST(:wanted AS text[]))")


async def is_new(connection: Transaction, provider: str, event_id: str) -> bool:
    """Whether an event of a provider is heard for the first time; noted by this call."""
    return (await connection.execute(_HEAR, {"provider": provider, "event_id": event_id})).first() is not None


async def suppress(connection: Transaction, address_sha256: str, reason: str, since: datetime) -> None:
    """Write to an address no more."""
    facts = {"address_sha256": address_sha256, "reason": reason, "since": since}
    await connection.execute(_SUPPRESS, facts)


async def suppressed(connection: Transaction, wanted: Collection[str]) -> frozenset[str]:
    """Which of some addresses (by fingerprint) are not written to any more."""
    return frozenset((await connection.execute(_SUPPRESSED, {"wanted": list(wanted)})).scalars())
