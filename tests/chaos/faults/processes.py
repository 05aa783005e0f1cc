"""Processes that die or freeze: kill -9 of APIs and workers, and a worker held still while another takes over."""

import asyncio
import signal

import psutil

from tests.chaos.chaos import Chaos
from tests.chaos.row import Fired, fired
from tests.journeys.same_day.members import partitions_by_member
from tests.support.eventually import eventually

_GROUP = "segmenter"
_WRITES_BETWEEN = 15


async def kill_customers_api(chaos: Chaos, times: int) -> Fired:
    """Each replica in turn, while it is being written to."""
    killed = []
    for turn in range(times):
        replica = turn % 2 + 1
        await _more_is_written(chaos)
        killed.append(await _kill(chaos, "customers-api" if replica == 1 else "customers-api-2"))
        await chaos.serves("customers", replica)
    return _gone(killed, f"the other replica took the calls; {chaos.load.history.in_doubt()} writes in doubt so far")


async def kill_segmenter_worker(chaos: Chaos, times: int) -> Fired:
    """Each of the two in turn, while it hears; its successor must hear before the next one dies."""
    killed = []
    for turn in range(times):
        await eventually(lambda: _shared_by(chaos, [3, 3]), within=60)
        await _more_is_written(chaos)
        killed.append(await _kill(chaos, f"segmenter-worker-{turn % 2 + 1}"))
        await eventually(lambda: _is_shared_otherwise(chaos), within=60)  # the broker takes 6 s to miss the dead one
    await eventually(lambda: _shared_by(chaos, [3, 3]), within=60)
    return _gone(killed, "each time the broker gave its partitions away, and then 3 to its successor")


async def freeze_segmenter_worker(chaos: Chaos, seconds: int) -> Fired:
    """SIGSTOP: it neither works nor leaves, until Kafka gives its partitions to the other; then it wakes."""
    await eventually(lambda: _shared_by(chaos, [3, 3]), within=60)
    pid, state = await chaos.freeze("segmenter-worker-1")
    try:
        pause = asyncio.create_task(asyncio.sleep(seconds))
        await eventually(lambda: _shared_by(chaos, [6]), within=max(30.0, seconds))
        await pause
    finally:
        chaos.signal("segmenter-worker-1", signal.SIGCONT)
    await eventually(lambda: _shared_by(chaos, [3, 3]), within=60)
    return fired(
        f"process {pid} was {state} for {seconds} s",
        when=state == psutil.STATUS_STOPPED,
        seen="the broker counted 6 partitions with the other worker meanwhile, and 3 and 3 after it woke",
    )


async def _kill(chaos: Chaos, program: str) -> str:
    pid = chaos.signal(program, signal.SIGKILL)
    now = await chaos.is_back(program, pid)
    return f"{program} {pid} → {now}"


def _gone(killed: list[str], seen: str) -> Fired:
    return fired(f"gone by process id: {', '.join(killed)}", when=bool(killed), seen=seen)


async def _more_is_written(chaos: Chaos) -> None:
    before = chaos.load.history.count("accepted")
    await eventually(lambda: chaos.load.history.count("accepted") >= before + _WRITES_BETWEEN, within=60)


async def _is_shared_otherwise(chaos: Chaos) -> bool:
    return not await _shared_by(chaos, [3, 3])


async def _shared_by(chaos: Chaos, wanted: list[int]) -> bool:
    return await partitions_by_member(chaos.kafka, _GROUP) == wanted
