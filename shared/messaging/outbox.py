"""The outbox: an event is a row of the same transaction as its fact, so neither exists without the other.

Rows are sent by being unsent, never by an ``id > last`` cursor: ids are not commit order, and a cursor loses what
commits late. For one customer ids do follow ``sequence``, because its row lock is held while both are taken.
"""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.envelope import Envelope
from shared.database.columns import column, texts, typed
from shared.database.writing import Write, write
from shared.messaging import traced

_COLUMNS = {
    "key": "text",
    "type": "text",
    "event_id": "text",
    "sequence": "bigint",
    "epoch": "bigint",
    "time": "timestamptz",
    "history": "boolean",
    "traceparent": "text",
}
_NAMES = ", ".join(_COLUMNS)
_INSERT = text(
    f"""
    INSERT INTO outbox (data, {_NAMES}) SELECT data, {typed(_COLUMNS)}
    FROM ROWS FROM (unnest(CAST(:told_data AS bytea[])), {texts(_COLUMNS, "told_")}) AS told (data, {_NAMES})
    """
)
_UNSENT = text(
    """
    SELECT id, type, event_id, time, sequence, epoch, key, data, history, traceparent FROM outbox
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
        "told_key": column([e.key for e in events]),
        "told_type": column([e.type for e in events]),
        "told_event_id": column([e.id for e in events]),
        "told_sequence": column([e.sequence for e in events]),
        "told_epoch": column([e.epoch for e in events]),
        "told_time": column([e.time for e in events]),
        "told_history": column([e.history for e in events]),
        "told_data": [e.data for e in events],
        "told_traceparent": column(traced.traceparents(events)),
    }
    return [Write(_INSERT, values)]


async def unsent(connection: AsyncConnection, source: str, limit: int) -> list[tuple[int, Envelope]]:
    """The oldest unsent events with their row ids, at most ``limit``."""
    rows = await connection.execute(_UNSENT, {"limit": limit})
    return [
        (row, Envelope(type_, event_id, source, time, sequence, epoch, key, data, history, traceparent))
        for row, type_, event_id, time, sequence, epoch, key, data, history, traceparent in rows
    ]


async def forget(connection: AsyncConnection, ids: Sequence[int]) -> None:
    """Drop rows that Kafka has acknowledged."""
    await connection.execute(_SENT, {"ids": list(ids)})


async def count_unsent(connection: AsyncConnection) -> int:
    """How many events wait to be sent."""
    return int((await connection.execute(_COUNT)).scalar_one())
