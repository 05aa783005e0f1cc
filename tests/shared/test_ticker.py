"""The ticker: each task to its end at every tick, none in the way of another, none cut short."""

import asyncio

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
