"""The outbox: an event is a row of the same transaction as its fact, so neither exists without the other.

Rows are sent by being unsent, never by an ``id > last`` cursor: ids are not commit order, and a cursor loses what
commits late. For one customer ids do follow ``sequence``, because its row lock is held while both are taken.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.contracts.envelope import Envelope
from shared.database.columns import column, one_row, texts, typed
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
_INSERT_ONE = text(
    f"INSERT INTO outbox (data, {_NAMES}) SELECT CAST(:told_data AS bytea), {one_row(_COLUMNS, 'told_')}"
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
    values: dict[str, list[Any]] = {
        "told_key": [e.key for e in events],
        "told_type": [e.type for e in events],
        "told_event_id": [e.id for e in events],
        "told_sequence": [e.sequence for e in events],
        "told_epoch": [e.epoch for e in events],
        "told_time": [e.time for e in events],
        "told_history": [e.history for e in events],
        "told_traceparent": traced.traceparents(events),
    }
    data = [e.data for e in events]
    if len(events) == 1:
        return [Write(_INSERT_ONE, {"told_data": data[0], **{name: one for name, [one] in values.items()}})]
    return [Write(_INSERT, {"told_data": data, **{name: column(given) for name, given in values.items()}})]


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
