"""How many customers each segment has, as it was counted a moment ago.

Counting looks at everyone. A page that many people leave open would do so all the time, so a count that took long is
kept for ten times as long as it took, five seconds at most. One that was quick is not: all are told what is true now.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.segmenter.storage.segment_counts import SegmentCount, count_segments
from shared.database.engine import Database
from shared.runtime.clock import Clock

_QUICK_SECONDS = 0.1
_TIMES = 10
_LONGEST_SECONDS = 5.0


@dataclass(frozen=True)
class Counted:
    """Counts by segment, when they were made, and of which revision; good until then (seconds of ``timer``)."""

    of: Mapping[str, SegmentCount]
    at: datetime
    revision: int
    until: float


@dataclass
class RecentCount:
    """The last count of a process. While one counts, others wait for it; they hold no connection meanwhile."""

    database: Database
    clock: Clock
    timer: Callable[[], float] = time.monotonic
    _last: Counted | None = None
    _counting: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def of(self, revision: int) -> Counted:
        """Counts by the segments of a revision, ten seconds old at most."""
        async with self._counting:
            if self._last is None or self._last.revision != revision or self._last.until <= self.timer():
                self._last = await self._count(revision)
            return self._last

    async def _count(self, revision: int) -> Counted:
        at, began = self.clock.now(), self.timer()
        async with self.database.transaction() as connection:
            found = await count_segments(connection)
        ended = self.timer()
        return Counted(found, at, revision, until=ended + _good_for(ended - began))


def _good_for(seconds: float) -> float:
    return 0.0 if seconds <= _QUICK_SECONDS else min(_LONGEST_SECONDS, _TIMES * seconds)
