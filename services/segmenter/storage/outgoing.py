"""What the segmenter tells: into the outbox for Kafka, and the same events into the queue of webhooks.

An event is queued only if some webhook wants its type. Rows get their position later (``webhook_events.place``), so
that nobody who judges waits for a lock of webhooks.
"""

from collections.abc import Sequence

from sqlalchemy import text

from shared.contracts.envelope import Envelope
from shared.database.engine import Transaction
from shared.messaging import outbox

_QUEUE = text(
    """
    INSERT INTO webhook_events (key, type, event_id, source, sequence, epoch, time, data)
    SELECT key, type, id, source, sequence, epoch, time, data FROM unnest(
        CAST(:keys AS text[]), CAST(:types AS text[]), CAST(:ids AS text[]), CAST(:sources AS text[]),
        CAST(:sequences AS bigint[]), CAST(:epochs AS bigint[]), CAST(:times AS timestamptz[]),
        CAST(:datas AS bytea[])) WITH ORDINALITY AS e (key, type, id, source, sequence, epoch, time, data, place)
    ORDER BY place
    """
)
_WANTED = text("SELECT DISTINCT unnest(event_types) FROM webhooks")


async def put(connection: Transaction, events: Sequence[Envelope]) -> None:
    """Tell events, in their order, in the open transaction."""
    if not events:
        return
    await outbox.put(connection, events)
    types = set((await connection.execute(_WANTED)).scalars())
    wanted = [event for event in events if event.type in types]
    if wanted:
        await _queue(connection, wanted)


async def _queue(connection: Transaction, events: Sequence[Envelope]) -> None:
    await connection.execute(
        _QUEUE,
        {
            "keys": [e.key for e in events],
            "types": [e.type for e in events],
            "ids": [e.id for e in events],
            "sources": [e.source for e in events],
            "sequences": [e.sequence for e in events],
            "epochs": [e.epoch for e in events],
            "times": [e.time for e in events],
            "datas": [e.data for e in events],
        },
    )
