"""The relay against a bare idempotent producer: the same events from the outbox, and from memory."""

from datetime import UTC, datetime

from aiokafka import AIOKafkaProducer

from shared.contracts.customers_v1 import TOPIC
from shared.contracts.envelope import Envelope, encode_headers
from shared.database.engine import Database
from shared.messaging import outbox
from shared.messaging.producer import Producer
from shared.messaging.relay import Relay
from shared.runtime.ids import new_id
from tests.bench.figures import Figure, compare, per_second
from tests.support.ground import Ground

_EVENTS = 20_000
_DATA = b'{"customer_id": "c", "filler": "' + b"x" * 250 + b'"}'


async def measure(ground: Ground) -> list[Figure]:
    """Events a second with every acknowledgement."""
    database = Database(await ground.databases.create("customers"), name="bench")
    producer = Producer(ground.kafka, TOPIC)
    relay = Relay(database, producer, "customers")
    bare = AIOKafkaProducer(
        bootstrap_servers=ground.kafka, acks="all", enable_idempotence=True, linger_ms=2, max_batch_size=256 * 1024
    )
    await bare.start()

    async def from_memory() -> float:
        return await per_second(_EVENTS, _send(bare, _events()))

    async def from_outbox() -> float:
        async with database.transaction() as connection:
            await outbox.put(connection, _events())
        return await per_second(_EVENTS, _drain(relay))

    try:
        return [
            await compare(
                "relay of the outbox against a bare idempotent producer",
                "events/s",
                limit=from_memory,
                product=from_outbox,
            )
        ]
    finally:
        await bare.stop()
        await producer.close()
        await database.close()


def _events() -> list[Envelope]:
    now = datetime.now(UTC)
    return [
        Envelope("payment.failed", new_id(), "customers", now, n + 1, 1, f"c{n % 1000}", _DATA) for n in range(_EVENTS)
    ]


async def _send(bare: AIOKafkaProducer, events: list[Envelope]) -> None:
    waiting = [await bare.send(TOPIC, e.data, key=e.key.encode(), headers=encode_headers(e)) for e in events]
    for acknowledged in waiting:
        await acknowledged


async def _drain(relay: Relay) -> None:
    while await relay.send_batch():
        pass
