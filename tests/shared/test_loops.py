"""Loops over one step: again at once while there is work, after a rest otherwise, at once after a ring."""

import asyncio

from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from shared.basics.errors import Unavailable
from shared.runtime.loops import Bell, Step, StopFlag, repeat, ringing, run_loops


async def test_a_ring_wakes_every_loop_that_rests_with_the_bell() -> None:
    bell, stop, looked = Bell(), StopFlag(), list[str]()

    def looks(name: str) -> Step:
        async def step() -> bool:
            looked.append(name)
            if len(looked) == 2:
                asyncio.get_running_loop().call_soon(bell.ring)
            elif len(looked) == 4:
                stop.raise_it()
            return False

        return step

    loops = [repeat(name, looks(name), idle_seconds=60, bell=bell) for name in ("a", "b")]
    await asyncio.wait_for(run_loops(stop, *loops), 5)
    assert sorted(looked) == ["a", "a", "b", "b"]


async def test_a_ring_during_a_step_is_not_lost() -> None:
    bell, stop, looked = Bell(), StopFlag(), list[bool]()

    async def step() -> bool:
        looked.append(True)
        if len(looked) == 2:
            stop.raise_it()
        bell.ring()
        return False

    await asyncio.wait_for(repeat("step", step, idle_seconds=60, bell=bell)(stop), 5)
    assert len(looked) == 2


async def test_a_rest_ends_when_the_loops_are_stopped() -> None:
    stop = StopFlag()

    async def nothing() -> bool:
        asyncio.get_running_loop().call_soon(stop.raise_it)
        return False

    await asyncio.wait_for(repeat("nothing", nothing, idle_seconds=60)(stop), 5)


async def test_a_step_rings_for_others_when_it_has_done_something() -> None:
    bell, answers = Bell(), [True, False]

    async def step() -> bool:
        return answers.pop(0)

    rung = ringing(step, bell.ring)
    assert [await rung(), await rung()] == [True, False]
    assert bell.rings == 1


async def test_a_step_that_fails_is_counted_and_one_that_waits_is_not() -> None:
    stop, errors = StopFlag(), [Unavailable("database_unavailable", "away"), ValueError("on purpose")]

    async def step() -> bool:
        if not errors:
            stop.raise_it()
            return False
        raise errors.pop(0)

    before = REGISTRY.get_sample_value("cascada_steps_failed_total", {"step": "counted"}) or 0.0
    with capture_logs() as log:
        await asyncio.wait_for(repeat("counted", step, idle_seconds=60, failed_seconds=0.01)(stop), 5)
    assert REGISTRY.get_sample_value("cascada_steps_failed_total", {"step": "counted"}) == before + 1
    assert [(line["event"], line["log_level"]) for line in log] == [("step_waits", "warning"), ("step_failed", "error")]
