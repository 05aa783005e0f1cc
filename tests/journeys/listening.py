"""A downstream system's ear: everything a topic has said so far, read as any Kafka consumer would."""

import json
from dataclasses import dataclass
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition


@dataclass(frozen=True)
class Heard:
    """One event as it stood on the topic."""

    key: str
    type: str
    sequence: int
    data: dict[str, Any]
    raw_headers: tuple[tuple[str, bytes], ...]
    raw_value: bytes


class Ear:
    """Listens to one topic from its beginning. ``since_start`` grows with every ``listen``."""

    def __init__(self, bootstrap_servers: str, topic: str) -> None:
        self._topic = topic
        self._kafka = AIOKafkaConsumer(bootstrap_servers=bootstrap_servers, enable_auto_commit=False)
        self.since_start: list[Heard] = []

    async def __aenter__(self) -> "Ear":
        await self._kafka.start()
        await self._kafka.topics()
        partitions = [TopicPartition(self._topic, number) for number in range(6)]
        self._kafka.assign(partitions)
        await self._kafka.seek_to_beginning()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._kafka.stop()

    async def listen(self) -> list[Heard]:
        """Read up to where the topic ends now; returns everything heard since the start."""
        ends = await self._kafka.end_offsets(self._kafka.assignment())
        while any([await self._kafka.position(partition) < end for partition, end in ends.items()]):
            batches = await self._kafka.getmany(timeout_ms=100)
            for records in batches.values():
                self.since_start.extend(_heard(record) for record in records)
        return self.since_start

    async def told_of(self, key: str, event_type: str | None = None) -> list[Heard]:
        """What has been said about one customer so far, in order."""
        everything = await self.listen()
        return [one for one in everything if one.key == key and event_type in (None, one.type)]


def _heard(record: Any) -> Heard:
    headers = dict(record.headers)
    return Heard(
        key=(record.key or b"").decode(),
        type=headers.get("ce_type", b"").decode(),
        sequence=int(headers.get("ce_sequence", b"0")),
        data=_json(record.value),
        raw_headers=tuple(record.headers),
        raw_value=record.value,
    )


def _json(value: bytes) -> dict[str, Any]:
    try:
        return dict(json.loads(value))
    except ValueError:
        return {}
