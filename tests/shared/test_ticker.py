"""The ticker: each task to its end at every tick, none in the way of another, none cut short."""

import asyncio

from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from shared.basics.errors import Unavailable
from shared.runtime.loops import StopFlag
from shared.runtime.ticker import Ticker
from tests.support.eventually import eventually


async def test_a_task_is_carried_on_until_nothing_is_left_and_looked_at_again() -> None:
    left = [True, True, False, True, False]
    stop = StopFlag()

    async def step() -> bool:
        answer = left.pop(0)
        if not left:
            stop.raise_it()
        return answer

    await asyncio.wait_for(Ticker({"task": step}, seconds=0.05).run(stop), 5)
    assert left == []


async def test_a_failing_task_is_tried_again_and_stops_no_other() -> None:
    tried: list[str] = []
    stop = StopFlag()

    async def failing() -> bool:
        tried.append("failing")
        raise ValueError("on purpose")

    async def sound() -> bool:
        tried.append("sound")
        if tried.count("failing") > 1 and tried.count("sound") > 1:
            stop.raise_it()
        return False

    await asyncio.wait_for(Ticker({"failing": failing, "sound": sound}, seconds=0.05).run(stop), 5)


def failed(step: str) -> float:
    return REGISTRY.get_sample_value("cascada_steps_failed_total", {"step": step}) or 0.0


async def test_a_task_that_goes_on_failing_rests_the_longer_and_is_counted() -> None:
    stop, tries, before = StopFlag(), list[float](), failed("always")

    async def failing() -> bool:
        tries.append(asyncio.get_running_loop().time())
        if len(tries) == 4:
            stop.raise_it()
        raise ValueError("on purpose")

    await asyncio.wait_for(Ticker({"always": failing}, seconds=0.05).run(stop), 10)
    assert tries[3] - tries[2] >= 0.2
    assert failed("always") - before == 4


async def test_a_task_that_waits_for_a_part_says_so_once_and_is_no_failure() -> None:
    stop, tries, before = StopFlag(), list[bool](), failed("waits")

    async def waits() -> bool:
        tries.append(True)
        if len(tries) == 4:
            stop.raise_it()
        raise Unavailable("database_unavailable", "away")

    with capture_logs() as log:
        await asyncio.wait_for(Ticker({"waits": waits}, seconds=0.05).run(stop), 10)
    assert [(line["event"], line["log_level"]) for line in log] == [("tick_waits", "warning")]
    assert failed("waits") == before


async def test_stopping_lets_the_step_under_way_finish() -> None:
    stop, may_end, ended = StopFlag(), asyncio.Event(), asyncio.Event()

    async def step() -> bool:
        stop.raise_it()
        await may_end.wait()
        ended.set()
        return True

    running = asyncio.create_task(Ticker({"task": step}, seconds=0.05).run(stop))
    await eventually(lambda: stop.is_raised)
    may_end.set()
    await asyncio.wait_for(running, 5)
    assert ended.is_set()
