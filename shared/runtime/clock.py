"""Business time: what the services take as *now* for due dates, day turns, schedules and catch-up.

In production it is the machine's clock. In the local environment a file may set it: one line, the instant that
was now when the file was last written; time runs on from there. Machine time (leases, back-off, time-outs) never
comes from here. Source: contract.md, *Test clock*; architecture decision 15.
"""

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from shared.basics.days import date_in

log = structlog.get_logger(__name__)

_LOOK_EVERY_SECONDS = 0.25


class Clock(Protocol):
    """Tells business time."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        ...

    def today(self) -> date:
        """The present date in the business time zone."""
        ...


class MachineClock:
    """Business time is the machine's."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return date_in(self.now(), self._zone)


class FileClock:
    """Business time as a file sets it; the machine's as long as there is no file. Never runs backwards."""

    def __init__(self, path: Path, zone: ZoneInfo) -> None:
        self._path = path
        self._zone = zone
        self._offset = timedelta(0)
        self._written: int | None = None
        self._looked = -_LOOK_EVERY_SECONDS
        self._latest: datetime | None = None

    def now(self) -> datetime:
        self._follow_file()
        told = datetime.now(UTC) + self._offset
        self._latest = max(told, self._latest) if self._latest else told
        return self._latest

    def today(self) -> date:
        return date_in(self.now(), self._zone)

    def _follow_file(self) -> None:
        if time.monotonic() - self._looked < _LOOK_EVERY_SECONDS:
            return
        self._looked = time.monotonic()
        try:
            written = self._path.stat().st_mtime_ns
            if written == self._written:
                return
            told = datetime.fromisoformat(self._path.read_text().strip()).astimezone(UTC)
        except FileNotFoundError:
            return
        except ValueError:
            log.warning("clock_unreadable", path=str(self._path))
            return
        self._written = written
        self._set(told - datetime.fromtimestamp(written / 1e9, UTC))

    def _set(self, offset: timedelta) -> None:
        if self._latest is not None and datetime.now(UTC) + offset < self._latest:
            log.warning("clock_ignored", reason="it would run backwards", now=self._latest.isoformat())
            return
        self._offset = offset
