"""A process beside another: they ring each other, and neither lives without the other, however it ends.

``python -m tests.shared.test_child_process keeper|echo|mute`` are the processes: one that starts an echo and tells its
id, one that answers every ring, one that ends at once.
"""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE

import pytest

from shared.runtime.child_process import Line, started, starting
from shared.runtime.loops import Bell, StopFlag, repeat, run_loops


async def test_a_ring_is_answered_and_stopping_ends_both() -> None:
    bell, stop = Bell(), StopFlag()
    line = Line(bell)

    async def ring() -> bool:
        if bell.rings > 1:
            stop.raise_it()
        line.ring()
        return False

    ringing = repeat("ring", ring, idle_seconds=0.05, bell=bell)
    await asyncio.wait_for(run_loops(stop, starting((__name__, "echo"), line), ringing), 20)


async def test_a_process_whose_other_one_has_ended_ends_too() -> None:
    with pytest.raises(RuntimeError, match="mute ended with 0"):
        await asyncio.wait_for(run_loops(StopFlag(), starting((__name__, "mute"), Line(Bell()))), 20)


async def test_a_killed_process_leaves_nothing_behind() -> None:
    """Both hold the pipe; it ends when both are gone."""
    keeper = await asyncio.create_subprocess_exec(sys.executable, "-m", __name__, "keeper", stdout=PIPE)
    assert keeper.stdout
    beside = int(await asyncio.wait_for(keeper.stdout.readline(), 20))
    assert beside not in (keeper.pid, os.getpid())
    keeper.kill()
    assert await asyncio.wait_for(keeper.stdout.read(), 20) == b""
    await keeper.wait()


async def _echo() -> None:
    heard = Bell()
    line = Line(heard)
    print(os.getpid(), flush=True)

    async def answer() -> bool:
        if heard.rings:
            line.ring()
        return False

    await run_loops(StopFlag(), started(line), repeat("answer", answer, idle_seconds=60, bell=heard))


async def _keeper() -> None:
    await run_loops(StopFlag(), starting((__name__, "echo"), Line(Bell())))


async def _mute() -> None:
    return


if __name__ == "__main__":
    __name__ = "tests.shared.test_child_process"
    asyncio.run({"echo": _echo, "keeper": _keeper, "mute": _mute}[sys.argv[1]]())
