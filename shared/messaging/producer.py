"""An idempotent Kafka producer that is thrown away and rebuilt when it can no longer be trusted.

With the broker away aiokafka's ``send_and_wait`` and ``stop`` hang, so each has a deadline of ours; an answer that did
not come in time is unknown, and the events stay unsent.
"""

import asyncio
from collections.abc import Sequence
from ssl import SSLContext

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from shared.contracts.envelope import Envelope, encode_headers

log = structlog.get_logger(__name__)

LARGEST_RECORD = 32 * 1024 * 1024
"""Bytes that the topics' ``max.message.bytes`` lets pass: a payment of some 100,000 invoices."""
_AROUND_DATA = 64 * 1024
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
                waiting = [await self._enqueue(kafka, event) for event in events]
                await asyncio.gather(*waiting)
        except (KafkaError, TimeoutError, OSError) as error:
            await self.close()
            raise NotSent(f"{type(error).__name__}: {error}") from error

    async def _enqueue(self, kafka: AIOKafkaProducer, event: Envelope) -> "asyncio.Future[object]":
        future: asyncio.Future[object] = await kafka.send(
            self._topic, event.data, key=event.key.encode(), headers=encode_headers(event)
        )
        return future

    async def _started(self) -> AIOKafkaProducer:
        if self._kafka is None:
            kafka = AIOKafkaProducer(
                bootstrap_servers=self._bootstrap_servers,
                security_protocol="SSL" if self._tls else "PLAINTEXT",
                ssl_context=self._tls,
                acks="all",
                enable_idempotence=True,
                linger_ms=2,
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
