"""What live events keep of their rate while a refresh reassigns everyone: both in one worker, as they are."""

import asyncio
import time

from sqlalchemy import text

from services.segmenter.usecases.run_refresh import RunRefresh
from tests.bench.crowd import SIZE, TODAY, Crowd
from tests.bench.figures import Figure, Goal, figure
from tests.bench.policies import cascade
from tests.bench.segmenter_events import Lane, a_lane
from tests.bench.segmenter_everyone import FIVE_PERCENT
from tests.support.ground import Ground

_BATCH = 200
_AT_ONCE = 1000
_ALONE = 10_000
_ROUNDS = 4
_UNDER_WAY = text("SELECT EXISTS (SELECT FROM refreshes WHERE state IN ('preparing', 'publishing', 'converging'))")


async def measure(ground: Ground) -> list[Figure]:
    """Events a second during a refresh that moves five in a hundred, against those before it."""
    lane = await a_lane(ground.databases, SIZE)
    lane.billing.day = TODAY
    pairs = []
    for turn in range(_ROUNDS):
        await Crowd(lane.url).rest()
        started = time.perf_counter()
        for _ in range(_ALONE // _AT_ONCE):
            await _hear(lane)
        alone = _ALONE / (time.perf_counter() - started)
        await lane.listener.asks_refresh(*([FIVE_PERCENT] if turn % 2 == 0 else []), *cascade(12, 4))
        pairs.append((alone, await _during_refresh(lane)))
    await lane.database.close()
    return [figure(f"live events during a refresh of {SIZE:,}", "events/s", pairs[1:], Goal(">=", 0.5))]


async def _hear(lane: Lane) -> None:
    """Hear some events of today, and send what is told of them, as the relay would: a refresh waits for it."""
    await lane.hear(lane.billing.events(_AT_ONCE, days_pass=False), _BATCH)
    async with lane.database.transaction() as connection:
        await connection.execute(text("DELETE FROM outbox"))


async def _is_under_way(lane: Lane) -> bool:
    async with lane.database.transaction() as connection:
        return bool((await connection.execute(_UNDER_WAY)).scalar_one())


async def _during_refresh(lane: Lane) -> float:
    refresh = RunRefresh(lane.database, lane.listener.clock)

    async def to_its_end() -> None:
        while await refresh.step() or await _is_under_way(lane):
            pass  # it may wait for what is told to be sent

    refreshing, heard, started = asyncio.create_task(to_its_end()), 0, time.perf_counter()
    while not refreshing.done():
        await _hear(lane)
        heard += _AT_ONCE
    await refreshing
    return heard / (time.perf_counter() - started)
