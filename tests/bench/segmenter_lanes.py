"""Two workers of the segmenter against one: each a process of its own that hears of its own customers."""

import asyncio
import time
from collections.abc import Sequence
from datetime import date
from multiprocessing import get_context
from multiprocessing.connection import Connection

from shared.database.engine import Database
from shared.messaging.batch import Record
from tests.bench.billing import Billing
from tests.bench.figures import Figure, Goal, figure
from tests.bench.segmenter_events import Lane, a_lane
from tests.support.ground import Ground

_EVENTS = 10_000
_ROUNDS = 4


async def measure(ground: Ground) -> list[Figure]:
    """Events a second of two lanes together, over one database, against those of one."""
    lane = await a_lane(ground.databases)
    half = lane.billing.customers // 2
    shares = range(half), range(half, 2 * half)
    pairs = []
    for _ in range(_ROUNDS):
        one = await _together(lane, shares[:1])
        pairs.append((one, await _together(lane, shares)))
    await lane.database.close()
    return [figure("two lanes against one", "events/s", pairs[1:], Goal(">=", 1.6))]


async def _together(lane: Lane, shares: Sequence[range]) -> float:
    given = [lane.billing.events(_EVENTS, among=share) for share in shares]
    return await asyncio.to_thread(_in_processes, lane, given)


def _in_processes(lane: Lane, given: Sequence[Sequence[Record]]) -> float:
    """Events a second, from the moment that all processes are ready until the last is done."""
    spawning, lanes = get_context("spawn"), []
    for records in given:
        ours, theirs = spawning.Pipe()
        process = spawning.Process(target=_lane, args=(lane.url, lane.billing.day, records, theirs))
        process.start()
        lanes.append((process, ours))
    for _, ours in lanes:
        ours.recv()
    started = time.perf_counter()
    for _, ours in lanes:
        ours.send("go")
    for _, ours in lanes:
        ours.recv()
    taken = time.perf_counter() - started
    for process, _ in lanes:
        process.join()
    return sum(map(len, given)) / taken


def _lane(url: str, day: date, records: Sequence[Record], parent: Connection) -> None:
    asyncio.run(_hear(url, day, records, parent))


async def _hear(url: str, day: date, records: Sequence[Record], parent: Connection) -> None:
    database = Database(url, name="bench")
    lane = Lane(url, database, Billing(0, day))
    await database.is_ready()
    parent.send("ready")
    parent.recv()
    await lane.hear(records)
    parent.send("done")
    await database.close()
