"""The test clock of the demo's stack: set it, and know what time the services think it is."""

from datetime import UTC, datetime, timedelta

from deploy.local.clock import set_clock
from deploy.local.folder import LocalFolder


class DemoClock:
    """Business time as the demo last set it; it runs on from there."""

    def __init__(self, folder: LocalFolder, start: datetime) -> None:
        self._folder = folder
        self._offset = timedelta(0)
        self.set(start)

    def set(self, instant: datetime) -> None:
        """Make an instant the present."""
        set_clock(self._folder, instant.isoformat())
        self._offset = instant - datetime.now(UTC)

    def now(self) -> datetime:
        """The present, in UTC."""
        return datetime.now(UTC) + self._offset
