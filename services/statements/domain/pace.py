"""How many mails may go out now where a deployment sends at a pace (``SENDS_PER_SECOND``), all replicas together.

Time is cut into slots, one a mail; ``next_at`` is the first slot that is free. What was not used within a second is
lost, so that a quiet night is no storm in the morning.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Pace:
    """``per_second`` mails; instants are machine time."""

    per_second: float

    def free_slots(self, now: datetime, next_at: datetime | None) -> int:
        """How many mails may go at once."""
        return int((now - self._first(now, next_at)).total_seconds() * self.per_second + 1e-6)

    def after(self, now: datetime, next_at: datetime | None, sent: int) -> datetime:
        """The first free slot once some have gone."""
        return self._first(now, next_at) + timedelta(seconds=sent / self.per_second)

    def _first(self, now: datetime, next_at: datetime | None) -> datetime:
        unused = now - timedelta(seconds=max(1.0, 1 / self.per_second))
        return max(unused, next_at) if next_at else unused
