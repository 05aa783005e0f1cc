"""The consumer: Kafka's group decides who reads what, PostgreSQL decides what is true.

One turn: fetch up to 2,000 records, read them, let the service apply them in one transaction, then commit the offsets.
A turn repeated after a crash changes nothing, because the events' sequence tells what is known already.

Never cancel ``getmany``: it leaks a counter that disables ``max_poll_interval_ms``. It can hang in a rebalance, so a
turn that takes too long makes us leave that client behind and start a new one.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from ssl import SSLContext
from typing import TypeVar

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.errors import IllegalStateError, KafkaError
from aiokafka.structs import ConsumerRecord

from shared.messaging.batch import Batch, Event, NotTaken, PartitionProgress, Types, Unreadable, read_record
from shared.messaging.kafka_client import reaching, record_of
from shared.runtime.clock import Clock
from shared.runtime.loops import StopFlag

log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")
Take = Callable[[Batch], Awaitable[None]]
"""Takes a batch for good, or raises: ``NotTaken`` when it was told to stop, else when the service cannot go on."""

_BATCH = 2000
_FETCH_MS = 200
_STUCK_SECONDS = 30.0
_LOOK_SECONDS = 0.5
_AWAY_SECONDS = 1.0
_STOP_SECONDS = 3.0


class Stuck(Exception):
    """The Kafka client gave no answer in time and is left behind."""


class Consumer:
    """Brings the records of some topics to ``take``, batch after batch."""

    def __init__(
        self,
        bootstrap_servers: str,
        group: str,
        types: Types,
        take: Take,
        clock: Clock,
        tls: SSLContext | None = None,
    ) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._tls = tls
        self._group = group
        self._types = types
        self._take = take
        self._clock = clock
        self._looked = 0.0

    async def run(self, stop: StopFlag) -> None:
        """Hear until the flag goes up; a client that fails or is stuck is replaced by a new one."""
        while not stop.is_raised:
            kafka = self._client()
            try:
                await asyncio.wait_for(kafka.start(), _STUCK_SECONDS)
                while not stop.is_raised:
                    await self._turn(kafka)
            except NotTaken as error:
                log.warning("batch_left", reason=str(error))
            except (KafkaError, Stuck, TimeoutError, OSError) as error:
                log.warning("consumer_rebuilt", error=f"{type(error).__name__}: {error}")
                await stop.wait(_AWAY_SECONDS)
            finally:
                await _leave(kafka)

    def _client(self) -> AIOKafkaConsumer:
        return AIOKafkaConsumer(
            *self._types,
            **reaching(self._bootstrap_servers, self._tls),
            group_id=self._group,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            partition_assignment_strategy=(RoundRobinPartitionAssignor,),
            session_timeout_ms=6000,
            heartbeat_interval_ms=1000,
            max_poll_interval_ms=120_000,
            request_timeout_ms=10_000,
        )

    async def _turn(self, kafka: AIOKafkaConsumer) -> None:
        fetched = await _in_time(kafka.getmany(timeout_ms=_FETCH_MS, max_records=_BATCH))
        batch = self._read(fetched)
        progress = [*_progress_of(batch, kafka), *await self._at_the_end(kafka)]
        if not (fetched or progress):
            return
        await self._take(Batch(batch.events, batch.unreadable, progress))
        await _commit(kafka, fetched)

    def _read(self, fetched: Mapping[TopicPartition, list[ConsumerRecord]]) -> Batch:
        read = [read_record(record_of(raw), self._types) for records in fetched.values() for raw in records]
        return Batch(
            events=[found for found in read if isinstance(found, Event)],
            unreadable=[found for found in read if isinstance(found, Unreadable)],
        )

    async def _at_the_end(self, kafka: AIOKafkaConsumer) -> list[PartitionProgress]:
        """Twice a second: partitions with nothing left to read are through up to now, taken before asking."""
        if time.monotonic() - self._looked < _LOOK_SECONDS:
            return []
        self._looked = time.monotonic()
        now = self._clock.now()
        partitions = sorted(kafka.assignment())
        try:
            ends = await _in_time(kafka.end_offsets(partitions)) if partitions else {}
            # Not ``>=``: beyond the end stands who had read a topic that was emptied since, and has all of it to hear.
            return [_progress(p, kafka, now) for p in partitions if await _in_time(kafka.position(p)) == ends[p]]
        except IllegalStateError:  # a partition went to another member in between
            return []


def _progress(
    partition: TopicPartition, kafka: AIOKafkaConsumer, through: datetime, left: int = 0
) -> PartitionProgress:
    known = kafka.partitions_for_topic(partition.topic) or {partition.partition}
    return PartitionProgress(partition.topic, partition.partition, len(known), through, left)


def _progress_of(batch: Batch, kafka: AIOKafkaConsumer) -> list[PartitionProgress]:
    last = {TopicPartition(e.record.topic, e.record.partition): e for e in batch.events}
    return [
        _progress(partition, kafka, event.envelope.time, _left(partition, kafka, event.record.offset))
        for partition, event in last.items()
    ]


def _left(partition: TopicPartition, kafka: AIOKafkaConsumer, read: int) -> int:
    """Records after the one read, as far as the last answer of the broker knew; 0 for a partition just taken away."""
    end = kafka.highwater(partition) if partition in kafka.assignment() else None
    return max(0, end - read - 1) if end else 0


async def _commit(kafka: AIOKafkaConsumer, fetched: Mapping[TopicPartition, list[ConsumerRecord]]) -> None:
    offsets = {partition: records[-1].offset + 1 for partition, records in fetched.items() if records}
    if not offsets:
        return
    try:
        await _in_time(kafka.commit(offsets))
    except KafkaError as error:
        log.warning("offsets_not_committed", error=f"{type(error).__name__}: {error}")


async def _in_time(answer: Awaitable[Answer]) -> Answer:
    """Wait for the client without ever cancelling it."""
    asked = asyncio.ensure_future(answer)
    done, _ = await asyncio.wait({asked}, timeout=_STUCK_SECONDS)
    if not done:
        raise Stuck(f"no answer from Kafka in {_STUCK_SECONDS:.0f} s")
    return asked.result()


async def _leave(kafka: AIOKafkaConsumer) -> None:
    try:
        await asyncio.wait_for(kafka.stop(), _STOP_SECONDS)
    except (TimeoutError, KafkaError, OSError) as error:
        log.warning("consumer_abandoned", error=f"{type(error).__name__}: {error}")
