"""What could not be read or applied, looked at and let go by people: rows of ``quarantine``, in order of place.

Putting rows in is ``hearing.set_aside``. A record is kept with its bytes, so that it can be heard again once whatever
was wrong is mended; its customer was repaired meanwhile, so that hearing it again usually changes nothing. It holds
what was said of a person, so it goes when the customer is erased.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from shared.database.engine import Transaction
from shared.messaging.batch import Record

_ALL = text(
    """
    SELECT topic, partition, kafka_offset, reason, key, headers, value, at FROM quarantine
    WHERE CAST(:topic AS text) IS NULL OR (topic, partition, kafka_offset) = (:topic, :partition, :offset)
    ORDER BY topic, partition, kafka_offset
    """
)
_DROP = text(
    """
    DELETE FROM quarantine WHERE (topic, partition, kafka_offset) = (:topic, :partition, :offset)
    """
)
_FORGET = text("DELETE FROM quarantine WHERE key = ANY(CAST(:keys AS bytea[]))")


@dataclass(frozen=True)
class Place:
    """Where Kafka holds a record, written ``topic/partition/offset``."""

    topic: str
    partition: int
    offset: int

    def __str__(self) -> str:
        return f"{self.topic}/{self.partition}/{self.offset}"


@dataclass(frozen=True)
class Quarantined:
    """A record in quarantine, why, and since when (machine time)."""

    record: Record
    reason: str
    at: datetime

    @property
    def place(self) -> Place:
        return Place(self.record.topic, self.record.partition, self.record.offset)


async def quarantined(connection: Transaction, place: Place | None = None) -> list[Quarantined]:
    """The record of a place, if it is in quarantine; without a place all of them."""
    given = vars(place) if place else {"topic": None, "partition": None, "offset": None}
    return [
        Quarantined(
            Record(
                topic=row.topic,
                partition=row.partition,
                offset=row.kafka_offset,
                key=row.key,
                headers=[(name, value.encode()) for name, value in row.headers],
                value=row.value,
            ),
            row.reason,
            row.at,
        )
        for row in await connection.execute(_ALL, given)
    ]


async def drop(connection: Transaction, place: Place) -> None:
    """Forget a record."""
    await connection.execute(_DROP, vars(place))


async def forget(connection: Transaction, customer_ids: Iterable[str]) -> None:
    """Forget every record about customers that were erased."""
    await connection.execute(_FORGET, {"keys": [one.encode() for one in customer_ids]})
