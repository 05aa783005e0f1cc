"""A topic read once from its beginning to its present end, without a group: what a command needs to know of it.

A service hears topics with ``consumer``; this is for the one who lost what it had told (``after-restore``).
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from ssl import SSLContext

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from shared.basics.errors import Unavailable
from shared.messaging.batch import Event, Types, read_record
from shared.messaging.kafka_client import reaching, record_of

_BATCH = 2000
_FETCH_MS = 500
_ANSWER_SECONDS = 15.0
_QUIET_SECONDS = 30.0
"""A broker that has more and sends nothing for so long is away: the client itself would wait for ever."""


async def reread(
    bootstrap_servers: str, topic: str, types: Types, tls: SSLContext | None = None
) -> AsyncIterator[Sequence[Event]]:
    """Its events, batch by batch, those of one key in order; what cannot be read is passed over.

    Raises
    ------
    Unavailable
        The broker is away or goes away, or does not have the topic.
    """
    kafka = AIOKafkaConsumer(
        topic,
        **reaching(bootstrap_servers, tls),
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    try:
        await asyncio.wait_for(kafka.start(), _ANSWER_SECONDS)
        ends = await asyncio.wait_for(kafka.end_offsets(sorted(kafka.assignment())), _ANSWER_SECONDS)
        heard_at = time.monotonic()
        while await asyncio.wait_for(_has_more(kafka, ends), _QUIET_SECONDS):
            fetched = await kafka.getmany(timeout_ms=_FETCH_MS, max_records=_BATCH)
            records = [raw for one, found in fetched.items() for raw in found if raw.offset < ends[one]]
            read = [read_record(record_of(raw), types) for raw in records]
            if fetched:
                yield [one for one in read if isinstance(one, Event)]
                heard_at = time.monotonic()  # the caller took its time
            elif time.monotonic() - heard_at > _QUIET_SECONDS:
                raise Unavailable("kafka_unavailable", f"{topic} cannot be read: nothing came for {_QUIET_SECONDS} s")
    except (KafkaError, TimeoutError, OSError) as error:
        raise Unavailable("kafka_unavailable", f"{topic} cannot be read: {type(error).__name__}") from error
    finally:
        await asyncio.wait_for(kafka.stop(), _ANSWER_SECONDS)


async def _has_more(kafka: AIOKafkaConsumer, ends: Mapping[TopicPartition, int]) -> bool:
    return any([await kafka.position(one) < end for one, end in ends.items()])
