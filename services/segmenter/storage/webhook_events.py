"""The queue of webhooks: events get their position once they are committed, and stay until every webhook is past them.

Ids are not commit order, so a cursor over ids would lose what commits late. For one key they do follow ``sequence``,
because its row is locked until the commit; so placing what is visible, by id, keeps the order of every key.
"""

from datetime import datetime

from sqlalchemy import text

from shared.contracts.envelope import Envelope
from shared.database.engine import Transaction

_LOCK = text("SELECT position FROM webhook_stream FOR UPDATE SKIP LOCKED")
_PLACE = text(
    """
    UPDATE webhook_events e SET position = CAST(:last AS bigint) + n.place
    FROM (
        SELECT id, row_number() OVER (ORDER BY id) AS place FROM webhook_events
        WHERE position IS NULL ORDER BY id LIMIT :limit
    ) n
    WHERE e.id = n.id
    """
)
_KEEP_LAST = text("UPDATE webhook_stream SET position = :last")
_FORGET = text(
    """
    DELETE FROM webhook_events
    WHERE position <= (SELECT coalesce(min(passed), CAST(:last AS bigint)) FROM webhooks)
    """
)
_OLDEST_WAITING = text(
    """
    SELECT least(
        (SELECT min(time) FROM webhook_events WHERE position IS NULL AND EXISTS (
            SELECT FROM webhooks WHERE state = 'active')),
        (SELECT min(n.time) FROM webhooks w CROSS JOIN LATERAL (
            SELECT time FROM webhook_events e WHERE e.position > w.passed AND e.type = ANY(w.event_types)
            ORDER BY e.position LIMIT 1) n
        WHERE w.state = 'active'))
    """
)
_LAST = text("SELECT position FROM webhook_stream")
_NEXT = text(
    """
    SELECT position, key, type, event_id, source, sequence, epoch, time, data FROM webhook_events
    WHERE position > :after AND position <= :last AND type = ANY(CAST(:types AS text[]))
    ORDER BY position LIMIT :limit
    """
)


async def place(connection: Transaction, limit: int) -> int:
    """Give committed events their positions and drop those that all webhooks are past; how many were placed.

    One worker at a time does so; for the others there is nothing to do meanwhile.
    """
    last = (await connection.execute(_LOCK)).scalar_one_or_none()
    if last is None:
        return 0
    placed = (await connection.execute(_PLACE, {"last": last, "limit": limit})).rowcount
    if placed:
        await connection.execute(_KEEP_LAST, {"last": last + placed})
    await connection.execute(_FORGET, {"last": last})
    return placed


async def oldest_waiting(connection: Transaction) -> datetime | None:
    """When the oldest event was told that a webhook which is still tried has not taken; None if all were."""
    oldest: datetime | None = (await connection.execute(_OLDEST_WAITING)).scalar_one()
    return oldest


async def last_position(connection: Transaction) -> int:
    """The position of the newest placed event."""
    position: int = (await connection.execute(_LAST)).scalar_one()
    return position


async def next_events(
    connection: Transaction, types: tuple[str, ...], *, after: int, last: int, limit: int
) -> list[tuple[int, Envelope]]:
    """Placed events of some types with their positions, in order."""
    given = {"types": list(types), "after": after, "last": last, "limit": limit}
    return [
        (
            row.position,
            Envelope(
                type=row.type,
                id=row.event_id,
                source=row.source,
                time=row.time,
                sequence=row.sequence,
                epoch=row.epoch,
                key=row.key,
                data=row.data,
            ),
        )
        for row in await connection.execute(_NEXT, given)
    ]
