"""Business days: the date of an instant in a zone, by the pinned ``tzdata`` package alone.

The machine's zone tables differ from it for over a dozen zones, so they are switched off for the process.
Source: meaning.md, first paragraph.
"""

import zoneinfo
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

zoneinfo.reset_tzpath(to=())


def zone(name: str) -> ZoneInfo:
    """The named IANA zone.

    Raises
    ------
    ValueError
        No such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"no time zone is called {name!r}") from error


def date_in(moment: datetime, where: ZoneInfo) -> date:
    """The calendar date of an instant (aware datetime) in a zone."""
    return moment.astimezone(where).date()


def midnight(day: date, where: ZoneInfo) -> datetime:
    """The instant at which a day begins in a zone; where clocks jump over midnight, that of the jump."""
    return datetime.combine(day, time(), where).astimezone(UTC)
