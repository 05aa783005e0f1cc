"""The way in of time: a ticker that, every second or so, lets each standing task do what is due.

APScheduler is only the ticker. What is due stands in rows, so every worker ticks, and whoever comes first does it.
"""

import asyncio
from collections.abc import Mapping

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from shared.basics.errors import Unavailable
from shared.runtime.loops import Step, StopFlag

log = structlog.get_logger(__name__)


class Ticker:
    """Runs each task's steps one after another until nothing is left, and looks again at the next tick."""

    def __init__(self, tasks: Mapping[str, Step], *, seconds: float) -> None:
        self._tasks = tasks
        self._seconds = seconds
        self._at_work = {name: asyncio.Lock() for name in tasks}

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
            except Unavailable as error:
                log.warning("tick_waits", task=name, error=error.detail)
            except Exception:
                log.exception("tick_failed", task=name)
