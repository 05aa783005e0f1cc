"""Long-running parts of a process: each is a coroutine that runs until told to stop, all end together.

Nothing is ever cancelled in the middle of its work (cancelled database calls leak connections, a cancelled
``getmany`` breaks its consumer): loops look at the flag between steps.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable

import structlog

from shared.basics.errors import Unavailable
from shared.runtime.metrics import STEPS_FAILED

log = structlog.get_logger(__name__)

_LONGEST_PAUSE = 30.0
_DOUBLINGS = 8

Step = Callable[[], Awaitable[bool]]
"""Does a part of the work; whether there was any, so that it is worth calling again at once."""


class StopFlag:
    """Raised once, by a signal or a failing loop; every loop looks at it between steps."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    @property
    def is_raised(self) -> bool:
        return self._event.is_set()

    def raise_it(self) -> None:
        self._event.set()

    async def until_raised(self) -> None:
        """Sleep until the flag goes up."""
        await self._event.wait()

    async def wait(self, seconds: float) -> None:
        """Sleep, but wake at once when the flag goes up."""
        try:
            await asyncio.wait_for(self._event.wait(), seconds)
        except TimeoutError:
            return


class Bell:
    """Rung when there may be work: loops that rest with it look at once."""

    def __init__(self) -> None:
        self.rings = 0
        self._next = asyncio.Event()

    def ring(self) -> None:
        self.rings += 1
        self._next.set()
        self._next = asyncio.Event()

    async def rest(self, heard: int, seconds: float, stop: StopFlag) -> None:
        """Sleep until it rings or the flag goes up; not at all if it has rung since ``rings`` was ``heard``."""
        if self.rings != heard:
            return
        either = [asyncio.ensure_future(self._next.wait()), asyncio.ensure_future(stop.wait(seconds))]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        for one in either:
            one.cancel()


Loop = Callable[[StopFlag], Awaitable[None]]


async def run_loops(stop: StopFlag, *loops: Loop) -> None:
    """Run loops side by side until the flag goes up; one that ends with an error stops the others and re-raises."""
    await asyncio.gather(*(_run(stop, loop) for loop in loops))


async def _run(stop: StopFlag, loop: Loop) -> None:
    try:
        await loop(stop)
    finally:
        stop.raise_it()


def ringing(step: Step, ring: Callable[[], None]) -> Step:
    """The step, which rings after it has done something: others have work by that."""

    async def rung() -> bool:
        worked = await step()
        if worked:
            ring()
        return worked

    return rung


def repeat(
    name: str, step: Step, *, idle_seconds: float, failed_seconds: float = 1.0, bell: Bell | None = None
) -> Loop:
    """A loop over one idempotent step: again at once while it says there was work, else after a pause or a ring.

    A failing step is logged and tried again after ``failed_seconds``, doubled up to 30 s: such steps keep their
    state in rows, so a later try continues where this one ended. So is one that waits for a part that is away.
    """

    woken = bell or Bell()

    async def loop(stop: StopFlag) -> None:
        failures = 0
        while not stop.is_raised:
            heard = woken.rings
            try:
                worked = await step()
                failures = 0
            except Exception as error:
                failures += 1
                if isinstance(error, Unavailable):
                    log.warning("step_waits", step=name, error=error.detail)
                else:
                    STEPS_FAILED.labels(name).inc()
                    log.exception("step_failed", step=name, failures=failures)
                await stop.wait(pause_after(failures, failed_seconds))
                continue
            if not worked:
                await woken.rest(heard, idle_seconds, stop)

    return loop


def pause_after(failures: int, first: float) -> float:
    """Seconds to wait after so many failures in a row: the first, then doubled up to half a minute."""
    return min(_LONGEST_PAUSE, first * float(2 ** min(failures - 1, _DOUBLINGS)))


def stop_on_signals(stop: StopFlag) -> None:
    """SIGTERM and SIGINT raise the flag."""
    running = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        running.add_signal_handler(number, stop.raise_it)
