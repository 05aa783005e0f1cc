"""The relay: what a transaction put into the outbox reaches Kafka, in order, and nothing else does."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import OutOfOrderSequenceNumber
from msgspec import structs
from structlog.testing import capture_logs

from deploy.local import kafka
from shared.contracts.envelope import Envelope
from shared.database.engine import Database
from shared.messaging import outbox
from shared.messaging.producer import LARGEST_RECORD, NotSent, Producer
from shared.messaging.relay import Relay
from shared.runtime.loops import StopFlag
from tests.shared.events import registered
from tests.support.eventually import eventually
from tests.support.servers import MortalKafka


async def put(database: Database, *events: Envelope) -> None:
    async with database.transaction() as connection:
        await outbox.put(connection, events)


async def waiting(database: Database) -> int:
    async with database.transaction() as connection:
        return await outbox.count_unsent(connection)


async def read(bootstrap: str, topic: str, count: int) -> list[tuple[str, int]]:
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        found: list[tuple[str, int]] = []
        while len(set(found)) < count:
            record = await asyncio.wait_for(consumer.getone(), 10)
            found.append((record.key.decode(), int(dict(record.headers)["ce_sequence"])))
        return found
    finally:
        await consumer.stop()


async def test_events_arrive_in_each_customers_order(database: Database, kafka_bootstrap: str, topic: str) -> None:
    relay = Relay(database, Producer(kafka_bootstrap, topic), "test")
    stop = StopFlag()
    running = asyncio.create_task(relay.run(stop))
    sent = [registered(f"c{number % 5}", number // 5 + 1) for number in range(200)]
    for event in sent:
        await put(database, event)
        relay.wake()

    found = await read(kafka_bootstrap, topic, len(sent))
    stop.raise_it()
    await running

    for key in {event.key for event in sent}:
        assert [seq for k, seq in found if k == key] == list(range(1, 41))
    assert await waiting(database) == 0


async def test_more_than_a_batch_holds_keeps_each_customers_order(
    database: Database, kafka_bootstrap: str, topic: str
) -> None:
    """A megabyte for each of two customers, four times what one batch to Kafka takes."""
    heavy = b'{"filler": "' + b"x" * 5000 + b'"}'
    sent = [structs.replace(registered(f"c{number % 2}", number // 2 + 1), data=heavy) for number in range(400)]
    await put(database, *sent)
    assert await Relay(database, Producer(kafka_bootstrap, topic), "test").send_batch() == 400
    found = await read(kafka_bootstrap, topic, len(sent))
    for key in ("c0", "c1"):
        assert [seq for k, seq in found if k == key] == list(range(1, 201))


async def test_a_rolled_back_fact_is_never_told(database: Database, kafka_bootstrap: str, topic: str) -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction() as connection:
            await outbox.put(connection, [registered("undone")])
            _ = 1 / 0
    await put(database, registered("kept"))

    relay = Relay(database, Producer(kafka_bootstrap, topic), "test")
    assert await relay.send_batch() == 1
    assert await read(kafka_bootstrap, topic, 1) == [("kept", 1)]


async def test_what_commits_late_is_not_overtaken_for_good(
    database: Database, kafka_bootstrap: str, topic: str
) -> None:
    """Row ids are not commit order: a cursor over ids would lose the row that commits last."""
    relay = Relay(database, Producer(kafka_bootstrap, topic), "test")
    async with database.transaction() as slow:
        await outbox.put(slow, [registered("slow")])
        await put(database, registered("quick"))
        assert await relay.send_batch() == 1
    assert await relay.send_batch() == 1
    assert {key for key, _ in await read(kafka_bootstrap, topic, 2)} == {"quick", "slow"}


class RefusingProducer(Producer):
    """Stands for a broker that does not acknowledge."""

    async def send(self, events: Sequence[Envelope]) -> None:
        raise NotSent("no acknowledgement")


async def test_without_acknowledgement_events_stay(database: Database) -> None:
    await put(database, registered("c"))
    with pytest.raises(NotSent):
        await Relay(database, RefusingProducer("127.0.0.1:1", "t"), "test").send_batch()
    assert await waiting(database) == 1


async def test_a_broker_that_is_away_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.messaging.producer._SEND_SECONDS", 0.5)
    producer = Producer("127.0.0.1:1", "t")
    with pytest.raises(NotSent):
        await asyncio.wait_for(producer.send([registered("c")]), 10)


async def test_a_large_event_is_sent_like_any_other(database: Database, kafka_bootstrap: str, topic: str) -> None:
    """Kafka's usual limit is 1 MiB: a payment of 5,000 invoices."""
    await put(database, of_size("large", 3 * 1024 * 1024), registered("small"))
    await Relay(database, Producer(kafka_bootstrap, topic), "test").send_batch()
    assert {key for key, _ in await read(kafka_bootstrap, topic, 2)} == {"large", "small"}


def test_the_local_broker_takes_whatever_the_producer_sends() -> None:
    assert kafka.LARGEST_RECORD == LARGEST_RECORD


async def test_an_event_that_no_broker_takes_holds_up_nobody(
    database: Database, kafka_bootstrap: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.messaging.producer.LARGEST_RECORD", 1024 * 1024)
    await put(database, of_size("huge", 2 * 1024 * 1024), registered("small"))
    await Relay(database, Producer(kafka_bootstrap, topic), "test").send_batch()
    assert await read(kafka_bootstrap, topic, 1) == [("small", 1)]
    assert await waiting(database) == 0


def of_size(key: str, size: int) -> Envelope:
    return msgspec.structs.replace(registered(key), data=b"x" * size)


async def test_one_relay_at_a_time(database: Database, kafka_bootstrap: str, topic: str) -> None:
    await put(database, registered("c"))
    first, second = (Relay(database, Producer(kafka_bootstrap, topic), "test") for _ in range(2))
    counts = await asyncio.gather(first.send_batch(), second.send_batch())
    assert sum(counts) == 1
    assert await waiting(database) == 0


async def test_while_the_broker_is_gone_writes_go_on_and_everything_follows_in_order(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.messaging.producer._SEND_SECONDS", 1.0)
    monkeypatch.setattr("shared.messaging.producer._STOP_SECONDS", 0.5)
    broker, of_others = await asyncio.to_thread(MortalKafka, tmp_path), tasks_of_clients()
    producer = Counting(broker.bootstrap_servers, "customers.v1")
    relay, stop = Relay(database, producer, "test"), StopFlag()
    running = asyncio.create_task(relay.run(stop))
    try:
        await put(database, *(registered(f"c{number}", 1) for number in range(5)))
        await eventually(lambda: _nothing_waits(database))
        await asyncio.to_thread(broker.kill)
        for seq in range(2, 6):
            await put(database, *(registered(f"c{number}", seq) for number in range(5)))
            relay.wake()
            await eventually(producer.has_failed_again(), within=20)
        left_behind = tasks_of_clients() - of_others
        await asyncio.to_thread(broker.start)
        await eventually(lambda: _nothing_waits(database), within=30)
        found = await read(broker.bootstrap_servers, "customers.v1", 25)
    finally:
        stop.raise_it()
        await running
        await asyncio.to_thread(broker.kill)
    assert len(left_behind) < 3, f"clients that were given up live on: {left_behind}"
    for key in {f"c{number}" for number in range(5)}:
        assert list(dict.fromkeys(seq for who, seq in found if who == key)) == list(range(1, 6))


def tasks_of_clients() -> set["asyncio.Task[object]"]:
    return {task for task in asyncio.all_tasks() if "aiokafka" in repr(task)}


class Counting(Producer):
    """Counts how often it could not send."""

    failures = 0

    def has_failed_again(self) -> Callable[[], bool]:
        before = self.failures
        return lambda: self.failures > before

    async def send(self, events: Sequence[Envelope]) -> None:
        try:
            await super().send(events)
        except NotSent:
            self.failures += 1
            raise


async def _nothing_waits(database: Database) -> bool:
    return await waiting(database) == 0


async def test_after_a_fatal_error_a_new_producer_sends(kafka_bootstrap: str, topic: str) -> None:
    """A producer whose sequence the broker no longer knows is lost for good; the relay goes on with another."""

    async def refused(*_: object) -> None:
        raise OutOfOrderSequenceNumber

    producer = Producer(kafka_bootstrap, topic)
    await producer.send([registered("c", 1)])
    lost = producer._kafka
    assert lost is not None
    lost._sender._send_produce_req = refused
    with pytest.raises(NotSent):
        await producer.send([registered("c", 2)])
    await producer.send([registered("c", 2)])
    assert producer._kafka is not lost
    await producer.close()
    assert await read(kafka_bootstrap, topic, 2) == [("c", 1), ("c", 2)]


async def test_every_replica_must_acknowledge(kafka_bootstrap: str, topic: str) -> None:
    producer = Producer(kafka_bootstrap, topic)
    await producer.send([registered("c")])
    assert producer._kafka is not None
    assert producer._kafka._sender._acks == -1
    await producer.close()


async def test_kafka_away_is_said_once_however_often_it_is_tried(database: Database) -> None:
    tries, stop = list[bool](), StopFlag()

    class Away(Producer):
        async def send(self, events: Sequence[Envelope]) -> None:
            tries.append(True)
            if len(tries) == 3:
                stop.raise_it()
            raise NotSent("away")

    await put(database, registered("c1", 1))
    with capture_logs() as log:
        await asyncio.wait_for(Relay(database, Away("127.0.0.1:9", "t"), "test").run(stop), 20)
    assert (len(tries), [line["event"] for line in log]) == (3, ["relay_waits"])
