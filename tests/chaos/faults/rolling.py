"""Every process is replaced, one after another, while calls come in at a fixed rate: nobody may notice.

A replica gets no new connection, ends those it has, is asked to stop, and is called again when its successor is ready:
what a preStop hook, a Service and a readiness probe do in Kubernetes. The next one goes when that has settled, as
``minReadySeconds`` has it there; but here nobody is added before one goes.
"""

import asyncio
import signal
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from deploy.local.services import SERVICES
from tests.chaos.calling import call
from tests.chaos.chaos import Chaos
from tests.chaos.row import Fired, fired
from tests.support.eventually import eventually

_WORKERS = ("segmenter-worker-1", "segmenter-worker-2", "statements-worker-1", "statements-worker-2")
_AT_ONCE = 16
"""A replica has ten connections to its database, and is alone while the other is replaced; more only wait in line."""
_DRAIN_SECONDS = 3.0
_SETTLE_SECONDS = 2.0
_WRITES = 4
"""Every how manyeth call is a write."""


@dataclass
class Callers:
    """Calls at a fixed rate, however long each takes; with too many under way the next one waits its turn."""

    chaos: Chaos
    a_second: int
    calls: int = 0
    failed: list[str] = field(default_factory=list)
    _free: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    def __post_init__(self) -> None:
        self._customers = deque(self.chaos.load.reserved)

    @asynccontextmanager
    async def calling(self) -> AsyncIterator[None]:
        """While the block runs."""
        stop = asyncio.Event()
        callers = asyncio.create_task(self._call_on(stop))
        try:
            yield
        finally:
            stop.set()
            await callers

    async def _call_on(self, stop: asyncio.Event) -> None:
        number, due = 0, time.monotonic()
        async with asyncio.TaskGroup() as under_way:
            while not stop.is_set():
                await self._free.acquire()
                under_way.create_task(self._one(number))
                number, due = number + 1, max(due + 1 / self.a_second, time.monotonic() - 0.1)
                await asyncio.sleep(max(0.0, due - time.monotonic()))

    async def _one(self, number: int) -> None:
        try:
            is_write = number % _WRITES == 0 and self._customers
            failure = await (self._write() if is_write else self._read(number))
            self.calls += 1
            self.failed += [failure] if failure else []
        finally:
            self._free.release()

    async def _write(self) -> str:
        customer_id = self._customers.popleft()
        try:
            status = await self.chaos.load.write(customer_id)
            return "" if status in (200, 201) else f"a write: {status}"
        finally:
            self._customers.append(customer_id)

    async def _read(self, number: int) -> str:
        customer_id = self.chaos.load.reserved[number % 40]
        service, path = [
            ("customers", f"/customers/{customer_id}"),
            ("segmenter", f"/standings/{customer_id}"),
            ("statements", "/rules/diario"),
        ][number % 3]
        answer = await call(self.chaos.doors.url(service), self.chaos.load.key, "GET", path)
        if answer and answer.status == 200:
            return ""
        return f"{service}: {answer.body[-200:]!r}" if answer else f"{service}: no answer"


async def restart_everything(chaos: Chaos, a_second: int) -> Fired:
    """Two replicas of each API and two workers of each hearer, one at a time."""
    callers, started = Callers(chaos, a_second), time.monotonic()
    replaced = []
    async with callers.calling():
        for service in SERVICES:
            for replica in (1, 2):
                replaced.append(await _replace_replica(chaos, service, replica))
                await asyncio.sleep(_SETTLE_SECONDS)
        for worker in _WORKERS:
            pid = chaos.signal(worker, signal.SIGTERM)
            replaced.append((pid, await chaos.is_back(worker, pid)))
            await asyncio.sleep(_SETTLE_SECONDS)
        took = time.monotonic() - started
    assert not callers.failed, f"of {callers.calls} calls {len(callers.failed)} failed: {callers.failed[:3]}"
    return fired(
        f"{len(replaced)} processes replaced: {', '.join(f'{old} → {new}' for old, new in replaced)}",
        when=len(replaced) == 2 * len(SERVICES) + len(_WORKERS),
        seen=f"{callers.calls} calls in {took:.0f} s, {callers.calls / took:.0f} a second of {a_second} asked for "
        "(a quarter writes); none failed",
    )


async def _replace_replica(chaos: Chaos, service: str, replica: int) -> tuple[int, int]:
    balancer, port = chaos.doors.balancers[service], chaos.doors.replica(service, replica)
    program = f"{service}-api" if replica == 1 else f"{service}-api-2"
    balancer.drained.add(port)
    try:
        await _until_idle(lambda: balancer.open_to[port] == 0)
        pid = chaos.signal(program, signal.SIGTERM)
        now = await chaos.is_back(program, pid)
        await chaos.serves(service, replica)
    finally:
        balancer.drained.discard(port)
    return pid, now


async def _until_idle(is_idle: Callable[[], bool]) -> None:
    """Calls under way may end; what the services keep open between each other is closed by the stop itself."""
    try:
        await eventually(is_idle, within=_DRAIN_SECONDS)
    except AssertionError:
        return
