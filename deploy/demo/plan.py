"""How much the demo shows, from which day on, and how it speaks while it works."""

import time
from dataclasses import dataclass, field
from datetime import date, timedelta

FIRST_DAY = date(2026, 3, 2)
SEED = 20260302


@dataclass(frozen=True)
class Plan:
    """How much to show."""

    customers: int
    days: int
    began: float = field(default_factory=time.monotonic)

    @property
    def last_day(self) -> date:
        return FIRST_DAY + timedelta(days=self.days - 1)

    def say(self, text: str) -> None:
        """One line of what is happening, with the seconds since the start."""
        print(f"{time.monotonic() - self.began:5.0f} s  {text}", flush=True)
