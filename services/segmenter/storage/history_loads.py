"""History loads: whose judging waits until the load pauses, and when (machine time) its last event was heard.

One row per partition, for each is heard by one worker: a single row would make workers wait for each other.
"""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_POSTPONE = text(
    """
    INSERT INTO history_pending (customer_id) SELECT id FROM unnest(CAST(:ids AS text[])) AS n (id) ORDER BY id
    ON CONFLICT DO NOTHING
    """
)
_HEARD = text(
    """
    INSERT INTO history_heard (partition, at) VALUES (:partition, clock_timestamp())
    ON CONFLICT (partition) DO UPDATE SET at = excluded.at
    """
)
_WAITING = text(
    """
    SELECT customer_id FROM history_pending
    WHERE NOT EXISTS (SELECT FROM history_heard WHERE at > clock_timestamp() - make_interval(secs => :pause))
    ORDER BY customer_id LIMIT :limit
    """
)
_RESUME = text("DELETE FROM history_pending WHERE customer_id = ANY(CAST(:ids AS text[]))")


async def postpone(connection: AsyncConnection, ids: Iterable[str], partitions: Iterable[int]) -> None:
    """Judge these customers only when the load that was heard on these partitions pauses."""
    await connection.execute(_POSTPONE, {"ids": sorted(ids)})
    for partition in sorted(partitions):
        await connection.execute(_HEARD, {"partition": partition})


async def waiting(connection: AsyncConnection, *, pause_seconds: float, limit: int) -> list[str]:
    """The first customers to be judged now; none while the load goes on."""
    rows = await connection.execute(_WAITING, {"pause": pause_seconds, "limit": limit})
    return [row.customer_id for row in rows]


async def resume(connection: AsyncConnection, ids: Iterable[str]) -> None:
    """These customers are judged like all others again."""
    await connection.execute(_RESUME, {"ids": sorted(ids)})
