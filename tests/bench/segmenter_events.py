"""Events into the segmenter: facts, behaviour, cascade, membership, history and outbox, against what they write alone.

The limit plays the INSERTs, UPDATEs and DELETEs of the very same batches on a copy of the database, in transactions of
the same size, with nothing decoded and nothing decided.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from services.segmenter.inbound.events import TYPES
from services.segmenter.wiring.worker import taking
from shared.database.engine import Database
from shared.messaging.batch import Batch, Event, Record, read_record
from shared.runtime.loops import StopFlag
from shared.runtime.memory import keep_what_started
from tests.bench.billing import Billing
from tests.bench.crowd import SIZE, fill
from tests.bench.figures import Figure, Goal, figure
from tests.bench.policies import cascade
from tests.bench.recording import Recording, recording
from tests.services.segmenter.listener import Listener, SetClock
from tests.support.databases import Databases
from tests.support.ground import Ground

_BATCH = 2000
_BATCHES = 5
_ROUNDS = 4
_PAST = 10_000
_CUSTOMERS = 10_000


@dataclass
class Lane:
    """One worker's side of the segmenter over a database of its own."""

    url: str
    database: Database
    billing: Billing

    @property
    def listener(self) -> Listener:
        return Listener(self.database, SetClock(self.billing.day))

    async def hear(self, records: Sequence[Record], batch: int = _BATCH) -> float:
        """Read and take records in batches, as a worker does: events a second."""
        keep_what_started()  # as a worker does; and the records to come are the benchmark's, not the product's
        take, started = taking(self.database, self.listener.events, StopFlag()).take, time.perf_counter()
        for start in range(0, len(records), batch):
            await take(Batch([read(record) for record in records[start : start + batch]]))
        return len(records) / (time.perf_counter() - started)


async def a_lane(databases: Databases, crowd: int = 0, segments: int = 12, windows: int = 4) -> Lane:
    """A segmenter that has published a cascade and heard of its customers, each with a first round behind it.

    Beside those who are heard of stands a crowd that nobody hears of.
    """
    url = await databases.create("segmenter")
    lane = Lane(url, Database(url, name="bench"), Billing(_CUSTOMERS))
    await lane.listener.refreshes(*cascade(segments, windows))
    await fill(url, crowd)
    await lane.hear(list(lane.billing.registrations()))
    await lane.hear(lane.billing.events(_CUSTOMERS * 2))
    return lane


async def measure(ground: Ground) -> list[Figure]:
    """One lane, singles, windows, segments, and how cost grows."""
    databases = ground.databases
    lane = await a_lane(databases)
    return [
        await _against_its_writes(databases, lane),
        await _against_singles(lane),
        await _growth(databases, "window rules against the same cascade without", ">=", 0.9, windows=(0, 4)),
        await _growth(databases, "50 segments against 12, cost an event", "<=", 1.3, segments=(12, 50)),
        await _growth(databases, f"{SIZE:,} more customers, cost an event", "<=", 1.5, crowds=(0, SIZE)),
        await _past(databases),
    ]


def read(record: Record) -> Event:
    """A record as the consumer reads it."""
    event = read_record(record, TYPES)
    if not isinstance(event, Event):
        raise TypeError(event)
    return event


async def _against_its_writes(databases: Databases, lane: Lane) -> Figure:
    await lane.database.close()
    copy = await asyncpg.connect(await databases.copy(lane.url))
    pairs = []
    for _ in range(_ROUNDS):
        records = lane.billing.events(_BATCH * _BATCHES)
        async with recording(lane.database) as made:
            product = await lane.hear(records)
        pairs.append((await _play(copy, made, len(records)), product))
    await copy.close()
    return figure("events in batches against their writes alone", "events/s", pairs[1:], Goal(">=", 0.75))


async def _play(connection: asyncpg.Connection, made: Recording, events: int) -> float:
    batches = made.transactions()
    started = time.perf_counter()
    for batch in batches:
        await batch.writes().play(connection)
    return events / (time.perf_counter() - started)


async def _against_singles(lane: Lane) -> Figure:
    pairs = []
    for _ in range(_ROUNDS):
        singles = await lane.hear(lane.billing.events(300), batch=1)
        pairs.append((singles, await lane.hear(lane.billing.events(_BATCH * _BATCHES))))
    return figure("events in batches against one a transaction", "events/s", pairs[1:], Goal(">=", 10))


async def _growth(
    databases: Databases,
    name: str,
    order: str,
    ratio: float,
    *,
    crowds: tuple[int, int] = (0, 0),
    segments: tuple[int, int] = (12, 12),
    windows: tuple[int, int] = (4, 4),
) -> Figure:
    """The same events over two databases that differ in one thing; for ``<=`` the figures are seconds an event."""
    lanes = [await a_lane(databases, *of) for of in zip(crowds, segments, windows, strict=True)]
    pairs = []
    for _ in range(_ROUNDS):
        speeds = [await lane.hear(lane.billing.events(_BATCH * _BATCHES)) for lane in lanes]
        pairs.append((speeds[0], speeds[1]) if order == ">=" else (1e6 / speeds[0], 1e6 / speeds[1]))
    for lane in lanes:
        await lane.database.close()
    return figure(name, "events/s" if order == ">=" else "µs/event", pairs[1:], Goal(order, ratio))


async def _past(databases: Databases) -> Figure:
    """Customers with thousands of past facts against customers with a few."""
    lane = await a_lane(databases)
    old, young = range(10), range(10, 20)
    await lane.hear(lane.billing.events(_PAST * len(old), among=old))
    pairs = []
    for _ in range(_ROUNDS):
        few = await lane.hear(lane.billing.events(1000, among=young), batch=10)
        pairs.append((1e6 / few, 1e6 / await lane.hear(lane.billing.events(1000, among=old), batch=10)))
    await lane.database.close()
    return figure(f"{_PAST:,} past facts against few, cost an event", "µs/event", pairs[1:], Goal("<=", 1.5))
