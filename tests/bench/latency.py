"""How long a payment takes from its acceptance over HTTP to its customer's move on Kafka, at a steady rate.

The real processes: the api of customers with its relay, the worker of the segmenter with its own. Each payment is of
another customer and moves it, so what is read on Kafka says when.
"""

import asyncio
import os
import statistics
import time
from contextlib import ExitStack

import msgspec
from aiokafka import AIOKafkaConsumer

from shared.contracts.segments_v1 import TOPIC
from shared.database.engine import Database
from tests.bench.callers import Call, call_all, put
from tests.bench.crowd import TODAY
from tests.bench.figures import Figure, Goal, figure
from tests.services.customers.sentences import a_failure, a_person
from tests.services.segmenter.listener import Listener, SetClock, a_segment
from tests.support.ground import Ground

RATE = int(os.environ.get("BENCH_RATE", "500"))
"""Payments a second; `BENCH_RATE` is another."""
_SECONDS = 20
_WARMING_SECONDS = 5
"""Payments of the first seconds are not counted: a steady rate is one that has begun, and so has a process."""
_P50, _P99 = 0.1, 0.5
_LINES = 2000


async def measure(ground: Ground) -> list[Figure]:
    """The median and the slowest in a hundred, in seconds."""
    urls = {service: await ground.databases.create(service) for service in ("customers", "segmenter")}
    environment = {f"{service.upper()}_DATABASE_URL": url for service, url in urls.items()}
    await _publish(urls["segmenter"])
    names = [f"c{number:05}" for number in range(RATE * (_WARMING_SECONDS + _SECONDS))]
    with ExitStack() as opened:
        opened.enter_context(ground.running_api("customers", environment))
        opened.enter_context(ground.running_worker("segmenter", environment))
        moves = Moves(ground.kafka)
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(moves.listen(len(names)))
            await moves.ready.wait()
            await _register(ground, names)
            await moves.everyone.wait()
            accepted = await _pay(ground, names)
            await listening
    took = sorted(moves.seen[name] - accepted[name] for name in names[RATE * _WARMING_SECONDS :])
    p50, p99 = statistics.median(took), took[len(took) * 99 // 100]
    return [
        figure(f"payment accepted to segment.assigned at {RATE}/s, p50", "s", [(_P50, p50)], Goal("<=", 1)),
        figure(f"payment accepted to segment.assigned at {RATE}/s, p99", "s", [(_P99, p99)], Goal("<=", 1)),
    ]


class Moves:
    """Reads moves; ``everyone`` is set once every customer was told to be in Default, ``seen`` says when it left."""

    def __init__(self, bootstrap: str) -> None:
        self._consumer = AIOKafkaConsumer(TOPIC, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
        self.ready, self.everyone = asyncio.Event(), asyncio.Event()
        self.seen: dict[str, float] = {}

    async def listen(self, customers: int) -> None:
        """Until every customer has moved."""
        await self._consumer.start()
        self.ready.set()
        known: set[str] = set()
        try:
            while len(self.seen) < customers:
                record = await asyncio.wait_for(self._consumer.getone(), 60)
                if dict(record.headers)["ce_type"] == b"segment.assigned":
                    self._note(record.key.decode(), msgspec.json.decode(record.value), known)
                    if len(known) == customers:
                        self.everyone.set()
        finally:
            await self._consumer.stop()

    def _note(self, name: str, told: dict[str, object], known: set[str]) -> None:
        if told["from"] is None:
            known.add(name)
        else:
            self.seen.setdefault(name, time.perf_counter())


async def _publish(url: str) -> None:
    database = Database(url, name="bench")
    fails = a_segment("fallidos", variable="failed_payments", operator="gt", value=0)
    await Listener(database, SetClock(TODAY)).refreshes(fails)
    await database.close()


async def _register(ground: Ground, names: list[str]) -> None:
    lines = [msgspec.json.encode({"kind": "customer", "customer_id": name, **a_person()}) for name in names]
    batches = [b"\n".join(lines[start : start + _LINES]) for start in range(0, len(lines), _LINES)]
    calls = [Call("POST", "/v1/batches", batch, "application/x-ndjson") for batch in batches]
    await call_all(ground.url("customers"), ground.key, calls, at_once=1)


async def _pay(ground: Ground, names: list[str]) -> dict[str, float]:
    """Pay at the rate, whatever comes of it; when each was accepted."""
    started, accepted = time.perf_counter(), dict[str, float]()

    async def pay(number: int, name: str) -> None:
        await asyncio.sleep(max(0.0, started + number / RATE - time.perf_counter()))
        call = put(f"/v1/customers/{name}/payments/p", a_failure("10.00"))
        await call_all(ground.url("customers"), ground.key, [call], at_once=1)
        accepted[name] = time.perf_counter()

    await asyncio.gather(*(pay(number, name) for number, name in enumerate(names)))
    return accepted
