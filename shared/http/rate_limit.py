"""So many requests a second for each caller: a token bucket per process and caller, in machine time."""

import math
import time
from collections.abc import Callable

from shared.basics.errors import RateLimited

_MOST_BUCKETS = 10_000


class RateLimit:
    """``per_second`` requests; whoever was quiet may send as many at once, and at least one."""

    def __init__(self, per_second: float, now: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._size = max(1.0, per_second)
        self._now = now
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, identity: str) -> None:
        """Let one request of a caller pass.

        Raises
        ------
        RateLimited
            The caller has to wait; such a request costs nothing.
        """
        now = self._now()
        left, at = self._buckets.get(identity, (self._size, now))
        left = min(self._size, left + (now - at) * self._per_second)
        if left < 1:
            raise RateLimited(math.ceil((1 - left) / self._per_second))
        self._buckets[identity] = (left - 1, now)
        if len(self._buckets) > _MOST_BUCKETS:
            self._forget_full(now)

    def _forget_full(self, now: float) -> None:
        """A bucket that is full again says nothing that a new one does not."""
        seconds = self._size / self._per_second
        self._buckets = {name: bucket for name, bucket in self._buckets.items() if now - bucket[1] < seconds}
