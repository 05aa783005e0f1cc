"""The worker role as it runs: what is heard from Kafka becomes moves on Kafka, and progress is told."""

import asyncio
from datetime import date

from aiokafka import AIOKafkaConsumer

from services.segmenter.settings import Settings
from services.segmenter.wiring.worker import run_worker
from shared.contracts import customers_v1, segments_v1
from shared.contracts.envelope import Envelope, decode_envelope
from shared.messaging import walks
from shared.messaging.producer import Producer
from shared.runtime.loops import StopFlag
from tests.oracle.accounts import account, failed
from tests.services.segmenter.listener import Listener, a_segment
from tests.services.segmenter.sender import Books
from tests.support.eventually import eventually

CUSTOMER = "ana-of-the-worker-role"
KEY = "a-key-of-the-worker-test"
FAILING = a_segment("fallidos", variable="failed_payments", operator="gt", value=0)


def _settings(database_url: str, bootstrap: str) -> Settings:
    return Settings.model_validate(
        {
            "environment": "local",
            "segmenter_database_url": database_url,
            "customers_url": "http://127.0.0.1:9",
            "kafka_bootstrap_servers": bootstrap,
            "service_api_key": KEY,
        }
    )


async def _everything_was_read(segmenter: Listener) -> None:
    """The owner of the facts is away in this test; a service that is not new does without."""
    async with segmenter.database.transaction() as connection:
        await walks.move(connection, walks.SNAPSHOTS, "", None, claimed=False)


async def _told(bootstrap: str, *, until: str) -> list[Envelope]:
    """What is told of the customer and of everyone, up to the first event of a type."""
    consumer = AIOKafkaConsumer(segments_v1.TOPIC, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        found: list[Envelope] = []
        while not found or found[-1].type != until:
            record = await asyncio.wait_for(consumer.getone(), 20)
            envelope = decode_envelope(record.key, record.headers, record.value)
            found += [envelope] if envelope.key in (CUSTOMER, segments_v1.CASCADE_KEY) else []
        return found
    finally:
        await consumer.stop()


async def test_events_become_moves_and_progress_is_told(
    segmenter: Listener, segmenter_database: str, kafka_bootstrap: str
) -> None:
    await segmenter.refreshes(FAILING)
    await _everything_was_read(segmenter)
    books = Books(account(customer_id=CUSTOMER))
    producer = Producer(kafka_bootstrap, customers_v1.TOPIC)
    told = [books.registered(), books.attempts(failed(on=date(2026, 3, 9)))]
    await producer.send([event.envelope for event in told])
    await producer.close()

    stop = StopFlag()
    working = asyncio.create_task(run_worker(_settings(segmenter_database, kafka_bootstrap), stop))
    progress = await _told(kafka_bootstrap, until="segmenter.progress")
    moves = await _told(kafka_bootstrap, until="segment.assigned")

    async def is_failing() -> bool:
        return await segmenter.segment_of(CUSTOMER) == "fallidos"

    await eventually(is_failing, within=20)  # the two events may have come in two batches
    stop.raise_it()
    await asyncio.wait_for(working, 20)

    assert {event.source for event in (*progress, *moves)} == {"segmenter"}
    assert [event.key for event in moves if event.type == "segment.assigned"] == [CUSTOMER]
