"""The consumer on the real broker: everything is taken, garbage is named, progress follows the broker's end."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from aiokafka import AIOKafkaProducer

from shared.basics.days import zone
from shared.contracts import customers_v1
from shared.contracts.envelope import encode_headers
from shared.messaging.batch import Batch, NotTaken
from shared.messaging.consumer import Consumer
from shared.messaging.producer import Producer
from shared.runtime.clock import MachineClock
from shared.runtime.loops import StopFlag
from tests.shared.events import WHEN, registered
from tests.support.eventually import eventually

CLOCK = MachineClock(zone("UTC"))


class Taken:
    """Takes batches and remembers them; can be told to fail once, as a process that dies before its commit."""

    def __init__(self, fail_once: bool = False) -> None:
        self.batches: list[Batch] = []
        self._fail = fail_once

    async def take(self, batch: Batch) -> None:
        if self._fail and batch.events:
            self._fail = False
            raise OSError("died before the offsets were committed")
        self.batches.append(batch)

    @property
    def sequences(self) -> list[tuple[str, int]]:
        return [(e.envelope.key, e.envelope.sequence) for b in self.batches for e in b.events]

    @property
    def through(self) -> dict[int, datetime]:
        return {p.partition: p.through for b in self.batches for p in b.progress}


def consumer(bootstrap: str, topic: str, taken: Taken, group: str = "g") -> Consumer:
    return Consumer(bootstrap, f"{group}-{topic}", {topic: customers_v1.EVENTS}, taken.take, CLOCK)


async def until(condition: Callable[[], object], *running: Consumer) -> None:
    stop = StopFlag()
    tasks = [asyncio.create_task(one.run(stop)) for one in running]
    try:
        await eventually(condition, within=30)
    finally:
        stop.raise_it()
        await asyncio.gather(*tasks)


async def produce(bootstrap: str, topic: str, count: int, start: int = 1) -> None:
    producer = Producer(bootstrap, topic)
    await producer.send([registered(f"c{n % 7}", start + n // 7) for n in range(count)])
    await producer.close()


async def test_every_event_is_taken_in_order(kafka_bootstrap: str, topic: str) -> None:
    await produce(kafka_bootstrap, topic, 700)
    taken = Taken()
    await until(lambda: len(taken.sequences) == 700, consumer(kafka_bootstrap, topic, taken))
    for key in {key for key, _ in taken.sequences}:
        assert [seq for k, seq in taken.sequences if k == key] == list(range(1, 101))


async def test_what_was_not_taken_comes_again(kafka_bootstrap: str, topic: str) -> None:
    await produce(kafka_bootstrap, topic, 7)
    taken = Taken(fail_once=True)
    await until(lambda: len(set(taken.sequences)) == 7, consumer(kafka_bootstrap, topic, taken))


async def test_told_to_stop_while_the_database_is_away_it_ends_and_the_offsets_stay(
    kafka_bootstrap: str, topic: str
) -> None:
    await produce(kafka_bootstrap, topic, 7)
    stop, asked, taken = StopFlag(), asyncio.Event(), Taken()

    async def away(batch: Batch) -> None:
        asked.set()
        await stop.until_raised()
        raise NotTaken("told to stop")

    leaving = Taken()
    leaving.take = away  # type: ignore[method-assign]
    running = asyncio.create_task(consumer(kafka_bootstrap, topic, leaving).run(stop))
    await asyncio.wait_for(asked.wait(), 30)
    stop.raise_it()
    await asyncio.wait_for(running, 10)
    await until(lambda: len(taken.sequences) == 7, consumer(kafka_bootstrap, topic, taken))


async def test_what_was_taken_does_not_come_again(kafka_bootstrap: str, topic: str) -> None:
    await produce(kafka_bootstrap, topic, 7)
    first, second = Taken(), Taken()
    await until(lambda: len(first.sequences) == 7, consumer(kafka_bootstrap, topic, first))
    await produce(kafka_bootstrap, topic, 7, start=2)
    await until(lambda: len(second.sequences) >= 7, consumer(kafka_bootstrap, topic, second))
    assert {seq for _, seq in second.sequences} == {2}


async def test_two_members_share_the_partitions(kafka_bootstrap: str, topic: str) -> None:
    await produce(kafka_bootstrap, topic, 70)
    one, two = Taken(), Taken()
    await until(
        lambda: one.through and two.through and len(set(one.sequences) | set(two.sequences)) == 70,
        consumer(kafka_bootstrap, topic, one),
        consumer(kafka_bootstrap, topic, two),
    )


async def test_garbage_is_named_and_the_flow_goes_on(kafka_bootstrap: str, topic: str) -> None:
    kafka = AIOKafkaProducer(bootstrap_servers=kafka_bootstrap)
    await kafka.start()
    good = registered("good")
    headers = encode_headers(good)
    await kafka.send_and_wait(topic, b"{}", key=b"good", headers=headers)
    await kafka.send_and_wait(topic, b"\xff\xfe", key=b"good", headers=[("ce_type", b"\xff")])
    await kafka.send_and_wait(topic, good.data, key=b"good", headers=headers)
    await kafka.stop()
    taken = Taken()
    await until(lambda: len(taken.sequences) == 1, consumer(kafka_bootstrap, topic, taken))
    unreadable = [u for b in taken.batches for u in b.unreadable]
    assert [u.envelope is not None for u in unreadable] == [True, False]


async def test_at_the_end_of_all_partitions_progress_is_now(kafka_bootstrap: str, topic: str) -> None:
    await produce(kafka_bootstrap, topic, 7)
    started = datetime.now(UTC)
    taken = Taken()
    await until(
        lambda: len(taken.through) == 3 and min(taken.through.values()) >= started,
        consumer(kafka_bootstrap, topic, taken),
    )
    told = [p for b in taken.batches for p in b.progress]
    assert {p.of for p in told} == {3}
    assert any(p.through == WHEN for p in told), "after a batch, a partition is through up to its last event's time"
