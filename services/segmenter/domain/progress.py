"""Up to which instant facts, and the passing of days, are in every customer's segment."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

NEVER = date.min
"""The last day for which everyone was judged, as long as there is none."""


def segments_through(facts_through: datetime | None, turned: date, zone: ZoneInfo) -> datetime | None:
    """``facts_through``, but never past the start of the first day for which not everyone was judged.

    ``turned`` is the last day for which everyone was.
    """
    if facts_through is None or turned == NEVER:
        return None
    return min(facts_through, datetime.combine(turned + timedelta(days=1), time(), zone))
