"""An idempotent Kafka producer that is thrown away and rebuilt when it can no longer be trusted.

With the broker away aiokafka's ``send_and_wait`` and ``stop`` hang, so each has a deadline of ours; an answer that did
not come in time is unknown, and the events stay unsent.
"""

import asyncio
from collections.abc import Sequence
from functools import lru_cache
from ssl import SSLContext

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from aiokafka.partitioner import DefaultPartitioner
from aiokafka.producer.message_accumulator import BatchBuilder

from shared.contracts.envelope import Envelope, encode_headers

log = structlog.get_logger(__name__)

Acknowledged = asyncio.Future[object]

LARGEST_RECORD = 32 * 1024 * 1024
"""Bytes that the topics' ``max.message.bytes`` lets pass: a payment of some 100,000 invoices."""
_AROUND_DATA = 64 * 1024
_PARTITIONER = DefaultPartitioner()
_SEND_SECONDS = 10.0
_STOP_SECONDS = 2.0


class NotSent(Exception):
    """At least one event of the batch has no acknowledgement; all of it is to be sent again."""


def fits(event: Envelope) -> bool:
    """Whether Kafka takes an event of this size at all."""
    return len(event.data) <= LARGEST_RECORD - _AROUND_DATA


class Producer:
    """Sends batches of events to one topic, each acknowledged by all replicas."""

    def __init__(self, bootstrap_servers: str, topic: str, tls: SSLContext | None = None) -> None:
        self._bootstrap_servers = bootstrap_servers
        self._tls = tls
        self._topic = topic
        self._kafka: AIOKafkaProducer | None = None

    async def send(self, events: Sequence[Envelope]) -> None:
        """Send events in order and wait for every acknowledgement.

        Raises
        ------
        NotSent
            Not all were acknowledged within 10 s, or the broker refused; the producer starts afresh next time.
        """
        try:
            async with asyncio.timeout(_SEND_SECONDS):
                kafka = await self._started()
                await asyncio.gather(*await self._enqueue(kafka, events))
        except (KafkaError, TimeoutError, OSError) as error:
            await self.close()
            raise NotSent(f"{type(error).__name__}: {error}") from error

    async def _enqueue(self, kafka: AIOKafkaProducer, events: Sequence[Envelope]) -> list[Acknowledged]:
        """Hand over whole batches, one for each partition at a time: asking for each event costs twice as much."""
        partitions = tuple(sorted(await kafka.partitions_for(self._topic)))
        filling: dict[int, BatchBuilder] = {}
        waiting: list[Acknowledged] = []
        for event in events:
            key = event.key.encode()
            to = _partition_of(key, partitions)
            batch = filling.get(to) or filling.setdefault(to, kafka.create_batch())
            said = {"timestamp": None, "key": key, "value": event.data, "headers": encode_headers(event)}
            if batch.append(**said) is None:  # it is full
                waiting.append(await self._submit(kafka, batch, to))
                filling[to] = batch = kafka.create_batch()
                if batch.append(**said) is None:
                    raise NotSent(f"event {event.id} is larger than a batch may be")
        return waiting + [await self._submit(kafka, batch, to) for to, batch in filling.items()]

    async def _submit(self, kafka: AIOKafkaProducer, batch: BatchBuilder, to: int) -> Acknowledged:
        batch.close()
        acknowledged: Acknowledged = await kafka.send_batch(batch, self._topic, partition=to)
        return acknowledged

    async def _started(self) -> AIOKafkaProducer:
        if self._kafka is None:
            kafka = AIOKafkaProducer(
                bootstrap_servers=self._bootstrap_servers,
                security_protocol="SSL" if self._tls else "PLAINTEXT",
                ssl_context=self._tls,
                acks="all",
                enable_idempotence=True,
                max_batch_size=256 * 1024,
                max_request_size=LARGEST_RECORD,
                request_timeout_ms=5000,
            )
            self._kafka = kafka
            await kafka.start()
        return self._kafka

    async def close(self) -> None:
        """Give the connections back; a producer that does not stop in time is abandoned."""
        kafka, self._kafka = self._kafka, None
        if kafka is None:
            return
        try:
            await asyncio.wait_for(kafka.stop(), _STOP_SECONDS)
        except (TimeoutError, KafkaError, OSError) as error:
            log.warning("producer_abandoned", error=f"{type(error).__name__}: {error}")
            await _silence(kafka)


@lru_cache(maxsize=10_000)
def _partition_of(key: bytes, partitions: tuple[int, ...]) -> int:
    """Where all events of a key go; of a customer there are often several."""
    return int(_PARTITIONER(key, partitions, partitions))


async def _silence(kafka: AIOKafkaProducer) -> None:
    """End what a cut-off ``stop`` leaves running: a sender that would repeat its old batches when the broker is back.

    aiokafka has no other way to it than its private sender.
    """
    if kafka._sender.sender_task is not None:
        kafka._sender.sender_task.cancel()
    try:
        await asyncio.wait_for(kafka.client.close(), _STOP_SECONDS)
    except (TimeoutError, KafkaError, OSError) as error:
        log.warning("producer_left_open", error=f"{type(error).__name__}: {error}")
