"""What a hearer gets to apply: events read from Kafka, what could not be read, and how far each partition is.

Pure: built by the consumer from records, taken apart by the services' use cases.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from shared.contracts.envelope import Envelope, Headers, Undecodable, decode_data, decode_envelope
from shared.messaging.sequence import Position

Types = Mapping[str, Mapping[str, type[msgspec.Struct]]]
"""Per topic, the payload of each event type that the service understands."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record as Kafka holds it."""

    topic: str
    partition: int
    offset: int
    key: bytes | None
    headers: Headers
    value: bytes | None


@dataclass(frozen=True, slots=True)
class Event:
    """A record that could be read. ``payload`` is None for a type unknown here: only its sequence counts."""

    record: Record
    envelope: Envelope
    payload: msgspec.Struct | None

    @property
    def position(self) -> Position:
        """Its place among the events of its key."""
        return Position(self.envelope.epoch, self.envelope.sequence)


@dataclass(frozen=True)
class Unreadable:
    """A record that does not follow the contract; ``envelope`` where at least that could be read."""

    record: Record
    envelope: Envelope | None
    reason: str


@dataclass(frozen=True)
class PartitionProgress:
    """Facts of a partition are applied up to ``through`` (business time), ``left`` records are still to be read; the
    topic has ``of`` partitions."""

    topic: str
    partition: int
    of: int
    through: datetime
    left: int = 0


@dataclass(frozen=True)
class Batch:
    """Applied in one transaction, in this order."""

    events: Sequence[Event] = ()
    unreadable: Sequence[Unreadable] = ()
    progress: Sequence[PartitionProgress] = ()


class NotTaken(Exception):
    """A batch was given up before it was taken: its offsets stay, and the next process hears it again."""


def read_record(record: Record, types: Types) -> Event | Unreadable:
    """Read one record by the contract of its topic."""
    envelope = None
    try:
        envelope = decode_envelope(record.key, record.headers, record.value)
        wanted = types[record.topic].get(envelope.type)
        payload = decode_data(envelope.data, wanted) if wanted else None
    except Undecodable as error:
        return Unreadable(record, envelope, str(error))
    return Event(record, envelope, payload)


def is_customers(key: str) -> bool:
    """Whether a key is a customer's id (keys about everyone begin with ``~``)."""
    return not key.startswith("~")
