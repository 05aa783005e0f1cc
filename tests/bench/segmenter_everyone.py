"""What the segmenter does to everyone at once, against reading everyone: a day turn, forecast, refresh and preview."""

import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

from services.segmenter.storage.drafts import keep_draft, published_draft
from services.segmenter.usecases.foretell_portfolio import ForetellPortfolio
from services.segmenter.usecases.preview_draft import PreviewDraft
from services.segmenter.usecases.run_refresh import RunRefresh
from services.segmenter.usecases.turn_day import TurnDay
from tests.bench.by_segments import refresh_by_segments
from tests.bench.crowd import SIZE, Crowd
from tests.bench.figures import Figure, Goal, figure, seconds_of
from tests.bench.policies import Segment, cascade
from tests.support.ground import Ground

_ROUNDS = 4
_SECONDS_A_MOVE = 60e-6
_LONGEST = 0.3
_FORETOLD = 10
FIVE_PERCENT: Segment = {
    "segment_id": "five",
    "name": "Cinco",
    "rule": {"variable": "successful_payments", "operator": "eq", "value": 7},
    "flow_id": None,
}
_MOVES = "SELECT count(*) FROM outbox"


async def measure(ground: Ground) -> list[Figure]:
    """Over one crowd: days, then refreshes that move five in a hundred, then previews."""
    crowd = Crowd(await ground.databases.create("segmenter"))
    await crowd.gather(*cascade(12, 4))
    try:
        return [*await _days(crowd), await _foretelling(crowd), *await _refreshes(crowd), await _previews(crowd)]
    finally:
        await crowd.database.close()


async def _days(crowd: Crowd) -> list[Figure]:
    pairs, longest = [], []
    for _ in range(_ROUNDS):
        bare = await seconds_of(crowd.scan())
        crowd.clock.day += timedelta(days=1)
        steps = await _steps(TurnDay(crowd.database, crowd.clock).step)
        moves = await crowd.count(_MOVES)
        pairs.append((bare, sum(steps) - moves * _SECONDS_A_MOVE))
        longest.append((_LONGEST, max(steps)))
        await crowd.rest()
    return [
        figure(f"day turn of {SIZE:,}, less 60 µs for each that moves, against a bare scan", "s", pairs[1:], _up_to(6)),
        figure("longest transaction of a day turn", "s", longest[1:], _up_to(1)),
    ]


async def _foretelling(crowd: Crowd) -> Figure:
    """Microseconds a customer."""
    foretell, pairs = ForetellPortfolio(crowd.database, crowd.clock), []
    for _ in range(_ROUNDS):
        bare = await seconds_of(crowd.scan()) / SIZE
        taken = [await seconds_of(foretell.step()) for _ in range(_FORETOLD)]
        pairs.append((1e6 * bare, 1e6 * sum(taken) / (_FORETOLD * foretell.range_size)))
    return figure("portfolio forecast against a bare scan, a customer", "µs", pairs[1:])


async def _refreshes(crowd: Crowd) -> list[Figure]:
    """Each refresh moves five in a hundred into a segment, and the common way moves them out of it again."""
    against_scan, against_segments, longest = [], [], []
    for _ in range(_ROUNDS):
        bare = await seconds_of(crowd.scan())
        await crowd.listener.asks_refresh(FIVE_PERCENT, *cascade(12, 4))
        steps = await _steps(RunRefresh(crowd.database, crowd.clock).step)
        await crowd.rest()
        against_scan.append((bare, sum(steps)))
        common = await seconds_of(refresh_by_segments(crowd.database, cascade(12, 4), crowd.clock.day))
        await crowd.rest()
        against_segments.append((sum(steps), common))
        longest.append((_LONGEST, max(steps)))
    name = f"refresh of {SIZE:,}, 5 % move"
    return [
        figure(f"{name}, against a bare scan", "s", against_scan[1:], _up_to(15)),
        figure(f"{name}: one query a segment against it", "s", against_segments[1:], Goal(">=", 2.5)),
        figure("longest transaction of a refresh", "s", longest[1:], _up_to(1)),
    ]


async def _previews(crowd: Crowd) -> Figure:
    async with crowd.database.transaction() as connection:
        await keep_draft(connection, await published_draft(connection, 2))
    preview = PreviewDraft(crowd.database, crowd.clock)
    pairs = [(await seconds_of(crowd.scan()), await seconds_of(preview())) for _ in range(_ROUNDS)]
    return figure(f"preview of {SIZE:,}, against a bare scan", "s", pairs[1:], _up_to(10))


async def _steps(step: Callable[[], Awaitable[bool]]) -> list[float]:
    """Seconds of each transaction, to the end."""
    taken, more = [], True
    while more:
        started = time.perf_counter()
        more = await step()
        taken.append(time.perf_counter() - started)
    return taken


def _up_to(ratio: float) -> Goal:
    return Goal("<=", ratio)
