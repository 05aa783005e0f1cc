"""A topic read once from its beginning to its present end, without a group: what a command needs to know of it.

A service hears topics with ``consumer``; this is for the one who lost what it had told (``after-restore``).
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from ssl import SSLContext

from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from aiokafka.structs import ConsumerRecord

from shared.basics.errors import Unavailable
from shared.messaging.batch import Event, Record, Types, read_record

_BATCH = 2000
_FETCH_MS = 500
_ANSWER_SECONDS = 15.0


async def reread(
    bootstrap_servers: str, topic: str, types: Types, tls: SSLContext | None = None
) -> AsyncIterator[Sequence[Event]]:
    """Its events, batch by batch, those of one key in order; what cannot be read is passed over.

    Raises
    ------
    Unavailable
        The broker is away, or does not have the topic.
    """
    kafka = AIOKafkaConsumer(
        topic,
        bootstrap_servers=bootstrap_servers,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        security_protocol="SSL" if tls else "PLAINTEXT",
        ssl_context=tls,
    )
    try:
        await asyncio.wait_for(kafka.start(), _ANSWER_SECONDS)
        ends = await kafka.end_offsets(sorted(kafka.assignment()))
        while [one for one, end in ends.items() if await kafka.position(one) < end]:
            fetched = await kafka.getmany(timeout_ms=_FETCH_MS, max_records=_BATCH)
            records = [raw for one, found in fetched.items() for raw in found if raw.offset < ends[one]]
            read = [read_record(_record(raw), types) for raw in records]
            yield [one for one in read if isinstance(one, Event)]
    except (KafkaError, TimeoutError, OSError) as error:
        raise Unavailable("kafka_unavailable", f"{topic} cannot be read: {type(error).__name__}") from error
    finally:
        await asyncio.wait_for(kafka.stop(), _ANSWER_SECONDS)


def _record(raw: ConsumerRecord) -> Record:
    return Record(raw.topic, raw.partition, raw.offset, raw.key, list(raw.headers), raw.value)
