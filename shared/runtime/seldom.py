"""Saying seldom what goes on and on: at once, then every half minute for as long as it lasts.

Whoever waits for a part that is away tries several times a second, and a log of each try hides all else.
"""

import logging
import time
from collections.abc import Callable

_SECONDS = 30.0


class Seldom:
    """Whether what happens again is to be said again."""

    def __init__(self, seconds: float = _SECONDS, now: Callable[[], float] = time.monotonic) -> None:
        self._seconds = seconds
        self._now = now
        self._said: dict[str, float] = {}

    def is_due(self, what: str) -> bool:
        """Whether to say it now; from then on it is said."""
        now = self._now()
        if now - self._said.get(what, -self._seconds) < self._seconds:
            return False
        self._said[what] = now
        return True

    def is_over(self, what: str) -> None:
        """It has ended: when it comes again, it is said at once."""
        self._said.pop(what, None)


class SeldomRepeated(logging.Filter):
    """Of a library that tells the same over and over, each of its sentences seldom, whatever it puts into it."""

    def __init__(self, library: str, seldom: Seldom | None = None) -> None:
        super().__init__(library)
        self._seldom = seldom or Seldom()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is told; those of others always are."""
        return not super().filter(record) or self._seldom.is_due(str(record.msg))
