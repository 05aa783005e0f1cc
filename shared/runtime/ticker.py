"""The way in of time: a ticker that, every second or so, lets each standing task do what is due.

APScheduler is only the ticker. What is due stands in rows, so every worker ticks, and whoever comes first does it. A
task that fails rests the longer the more often it did; one that waits for a part that is away is tried at each tick.
"""

import asyncio
from collections.abc import Mapping

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from shared.basics.errors import Unavailable
from shared.runtime.loops import Step, StopFlag, pause_after
from shared.runtime.metrics import STEPS_FAILED
from shared.runtime.seldom import Seldom

log = structlog.get_logger(__name__)


class Ticker:
    """Runs each task's steps one after another until nothing is left, and looks again at the next tick."""

    def __init__(self, tasks: Mapping[str, Step], *, seconds: float) -> None:
        self._tasks = tasks
        self._seconds = seconds
        self._at_work = {name: asyncio.Lock() for name in tasks}
        self._failures = dict.fromkeys(tasks, 0)
        self._waiting = Seldom()

    async def run(self, stop: StopFlag) -> None:
        """Tick until the flag goes up; a step under way is let finish."""
        scheduler = AsyncIOScheduler(timezone="UTC")
        for name in self._tasks:
            scheduler.add_job(self._drain, "interval", seconds=self._seconds, args=[name, stop], max_instances=2)
        scheduler.start()
        while not stop.is_raised:
            await stop.wait(self._seconds)
        scheduler.remove_all_jobs()
        for lock in self._at_work.values():
            await lock.acquire()
        scheduler.shutdown(wait=False)

    async def _drain(self, name: str, stop: StopFlag) -> None:
        if self._at_work[name].locked():
            return
        async with self._at_work[name]:
            try:
                while not stop.is_raised and await self._tasks[name]():
                    pass
                self._failures[name] = 0
                self._waiting.is_over(name)
            except Unavailable as error:
                if self._waiting.is_due(name):
                    log.warning("tick_waits", task=name, error=error.detail)
            except Exception:
                self._failures[name] += 1
                STEPS_FAILED.labels(name).inc()
                log.exception("tick_failed", task=name, failures=self._failures[name])
                await stop.wait(pause_after(self._failures[name], self._seconds))
