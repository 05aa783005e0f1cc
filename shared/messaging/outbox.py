"""The outbox: an event is a row of the same transaction as its fact, so neither exists without the other.

Rows are sent by being unsent, never by an ``id > last`` cursor: ids are not commit order, and a cursor loses what
commits late. For one customer ids do follow ``sequence``, because its row lock is held while both are taken.
"""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.envelope import Envelope
from shared.database.writing import Write, write
from shared.messaging import traced

_INSERT = text(
    """
    INSERT INTO outbox (key, type, event_id, sequence, epoch, time, history, data, traceparent)
    SELECT * FROM unnest(
        CAST(:keys AS text[]), CAST(:types AS text[]), CAST(:ids AS text[]), CAST(:sequences AS bigint[]),
        CAST(:epochs AS bigint[]), CAST(:times AS timestamptz[]), CAST(:histories AS boolean[]),
        CAST(:datas AS bytea[]), CAST(:traceparents AS text[]))
    """
)
_UNSENT = text(
    """
    SELECT id, key, type, event_id, sequence, epoch, time, history, data, traceparent FROM outbox
    ORDER BY id LIMIT :limit
    """
)
_SENT = text("DELETE FROM outbox WHERE id = ANY(CAST(:ids AS bigint[]))")
_COUNT = text("SELECT count(*) FROM outbox")


async def put(connection: AsyncConnection, events: Sequence[Envelope]) -> None:
    """Write events, in their order, into the outbox of the open transaction (``source`` is the relay's to name)."""
    await write(connection, put_with(events))


def put_with(events: Sequence[Envelope]) -> list[Write]:
    """The same, to be sent together with what the events tell."""
    if not events:
        return []
    values = {
        "keys": [e.key for e in events],
        "types": [e.type for e in events],
        "ids": [e.id for e in events],
        "sequences": [e.sequence for e in events],
        "epochs": [e.epoch for e in events],
        "times": [e.time for e in events],
        "histories": [e.history for e in events],
        "datas": [e.data for e in events],
        "traceparents": traced.traceparents(events),
    }
    return [Write(_INSERT, values)]


async def unsent(connection: AsyncConnection, source: str, limit: int) -> list[tuple[int, Envelope]]:
    """The oldest unsent events with their row ids, at most ``limit``."""
    rows = await connection.execute(_UNSENT, {"limit": limit})
    return [
        (
            row.id,
            Envelope(
                type=row.type,
                id=row.event_id,
                source=source,
                time=row.time,
                sequence=row.sequence,
                epoch=row.epoch,
                key=row.key,
                data=row.data,
                history=row.history,
                traceparent=row.traceparent,
            ),
        )
        for row in rows
    ]


async def forget(connection: AsyncConnection, ids: Sequence[int]) -> None:
    """Drop rows that Kafka has acknowledged."""
    await connection.execute(_SENT, {"ids": list(ids)})


async def count_unsent(connection: AsyncConnection) -> int:
    """How many events wait to be sent."""
    return int((await connection.execute(_COUNT)).scalar_one())
