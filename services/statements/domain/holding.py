"""Whether a run may start: a run is held until ledger and segments have passed its instant, but not for ever.

Source: architecture decision 12; meaning.md 43.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

HELD_AT_MOST = timedelta(minutes=15)
"""Machine time; the run then goes on and says that it is stale."""


@dataclass(frozen=True)
class Heard:
    """Business instants up to which things are known, None while not known at all.

    ``customers``: the own ledger. ``segmenter``: the facts in everyone's segment, as the segmenter last told, heard at
    ``told_at``. ``segments``: the own reading of the segmenter's topic.
    """

    customers: datetime | None
    segmenter: datetime | None
    told_at: datetime | None
    segments: datetime | None

    def is_past(self, instant: datetime) -> bool:
        """Whether all that happened up to an instant is known here: also the moves told before the segmenter's word."""
        needed = ((self.customers, instant), (self.segmenter, instant), (self.segments, self.told_at or instant))
        return all(through is not None and through >= wanted for through, wanted in needed)


NOTHING_HEARD = Heard(None, None, None, None)


def may_start(heard: Heard, due_at: datetime, waited: timedelta) -> bool:
    """Whether a run held for ``waited`` goes on."""
    return heard.is_past(due_at) or waited >= HELD_AT_MOST
