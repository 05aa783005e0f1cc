"""The rows that every hearing service keeps beside its facts: behind, quarantine, progress.

All functions work in the caller's open transaction. ``behind`` holds at most one row per customer, with the highest
position seen; the repairer deletes it once a snapshot is at least there.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.messaging.batch import Batch, PartitionProgress, Record, Unreadable, is_customers
from shared.messaging.sequence import Position

log = structlog.get_logger(__name__)

_BEHIND = text(
    """
    INSERT INTO behind AS b (customer_id, seen_epoch, seen_seq, reason)
    SELECT id, epoch, seq, :reason
    FROM unnest(CAST(:ids AS text[]), CAST(:epochs AS bigint[]), CAST(:seqs AS bigint[])) AS n (id, epoch, seq)
    ORDER BY id
    ON CONFLICT (customer_id) DO UPDATE SET (seen_epoch, seen_seq) =
        (SELECT * FROM (VALUES (b.seen_epoch, b.seen_seq), (excluded.seen_epoch, excluded.seen_seq)) AS v (e, s)
         ORDER BY e DESC, s DESC LIMIT 1)
    """
)
_QUARANTINE = text(
    """
    INSERT INTO quarantine (topic, partition, kafka_offset, reason, key, headers, value)
    VALUES (:topic, :partition, :offset, :reason, :key, CAST(:headers AS jsonb),
        CASE WHEN NOT EXISTS (SELECT FROM customers WHERE customer_id = :customer_id AND erased)
             THEN CAST(:value AS bytea) END)
    ON CONFLICT DO NOTHING
    """
)
_PROGRESS = text(
    """
    INSERT INTO partition_progress AS p (topic, partition, of, through, events_left)
    VALUES (:topic, :partition, :of, :through, :left)
    ON CONFLICT (topic, partition) DO UPDATE SET
        of = excluded.of, through = greatest(p.through, excluded.through), events_left = excluded.events_left
    """
)
_THROUGH = text(
    """
    SELECT CASE WHEN bool_and(heard = of) AND count(*) = :topics THEN min(through) END
    FROM (SELECT topic, count(*) AS heard, max(of) AS of, min(through) AS through
          FROM partition_progress WHERE topic = ANY(CAST(:names AS text[])) GROUP BY topic) AS t
    """
)
_LEFT = text("SELECT CAST(coalesce(sum(events_left), 0) AS bigint) FROM partition_progress")
_COUNTS = text("SELECT (SELECT count(*) FROM behind) AS behind, (SELECT count(*) FROM quarantine) AS quarantined")


async def fall_behind(connection: AsyncConnection, customer_id: str, seen: Position, reason: str) -> None:
    """Note that a customer must be repaired from a snapshot at ``seen`` or later."""
    await all_fall_behind(connection, {customer_id: seen}, reason)


async def all_fall_behind(connection: AsyncConnection, seen: Mapping[str, Position], reason: str) -> None:
    """The same for many customers, each with the position seen."""
    ids = sorted(seen)
    epochs, seqs = [seen[one].epoch for one in ids], [seen[one].seq for one in ids]
    await connection.execute(_BEHIND, {"ids": ids, "epochs": epochs, "seqs": seqs, "reason": reason})


async def set_aside(connection: AsyncConnection, unreadable: Unreadable, *, sequenced: Iterable[str]) -> None:
    """Quarantine a record; a customer of a ``sequenced`` topic whose event it was is behind from now on.

    What was said of an erased customer is not kept: a topic that is read anew may still say it.
    """
    await _quarantine(connection, unreadable.record, unreadable.reason)
    envelope, record = unreadable.envelope, unreadable.record
    ids = {"customer_id": envelope.key, "event_id": envelope.id} if envelope else {}
    log.warning("record_quarantined", topic=record.topic, partition=record.partition, offset=record.offset, **ids)
    if envelope and unreadable.record.topic in set(sequenced) and is_customers(envelope.key):
        await fall_behind(connection, envelope.key, Position(envelope.epoch, envelope.sequence), unreadable.reason)


async def keep_hearing(connection: AsyncConnection, batch: Batch, *, sequenced: Iterable[str] = ()) -> None:
    """Keep what a batch says beside its events: unreadable records and partition progress."""
    for unreadable in batch.unreadable:
        await set_aside(connection, unreadable, sequenced=sequenced)
    await _keep_progress(connection, batch.progress)


async def _keep_progress(connection: AsyncConnection, progress: Sequence[PartitionProgress]) -> None:
    ordered = sorted(progress, key=lambda p: (p.topic, p.partition))
    rows = [
        {"topic": p.topic, "partition": p.partition, "of": p.of, "through": p.through, "left": p.left} for p in ordered
    ]
    if rows:
        await connection.execute(_PROGRESS, rows)


async def _quarantine(connection: AsyncConnection, record: Record, reason: str) -> None:
    headers = [[name, (value or b"").decode(errors="backslashreplace")] for name, value in record.headers]
    await connection.execute(
        _QUARANTINE,
        {
            "topic": record.topic,
            "partition": record.partition,
            "offset": record.offset,
            "reason": reason[:1000].replace("\x00", "\\x00"),
            "key": record.key,
            "headers": json.dumps(headers).replace("\\u0000", "\\\\x00"),
            "customer_id": _customer_id(record.key),
            "value": record.value,
        },
    )


def _customer_id(key: bytes | None) -> str | None:
    """The customer that a record may be about; None if its key can be nobody's id."""
    return key.decode() if key and key.isascii() and b"\x00" not in key else None


async def facts_through(connection: AsyncConnection, *topics: str) -> datetime | None:
    """Business time up to which facts of all partitions are applied; None before every partition was heard."""
    found = await connection.execute(_THROUGH, {"names": list(topics), "topics": len(topics)})
    through: datetime | None = found.scalar_one()
    return through


async def count_troubles(connection: AsyncConnection) -> tuple[int, int]:
    """(customers behind, records in quarantine)."""
    row = (await connection.execute(_COUNTS)).one()
    return row.behind, row.quarantined


async def events_behind(connection: AsyncConnection) -> int:
    """How many records were still to be read when each partition was heard last."""
    return int((await connection.execute(_LEFT)).scalar_one())
