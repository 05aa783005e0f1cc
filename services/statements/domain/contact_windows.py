"""When customers may be written to, by country: hours of the day, judged in the rule's zone. Source: meaning.md 48.

Presets, to be confirmed by the company's counsel. A window is open from its first hour on, up to and without its last.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from services.statements.domain.instants import first_instant

ContactWindow = Literal["CO", "MX", "CL", "PE"]
Holidays = frozenset[date]
Hours = tuple[int, int]
"""The hour at which a day's window opens, and that at which it closes."""

_DAY = timedelta(days=1)
_SATURDAY = 5


def _colombia(day: date, is_holiday: bool) -> Hours | None:
    if is_holiday or day.weekday() > _SATURDAY:
        return None
    return (8, 15) if day.weekday() == _SATURDAY else (7, 19)


def _chile(day: date, is_holiday: bool) -> Hours | None:
    return None if is_holiday or day.weekday() >= _SATURDAY else (8, 20)


def _mexico(day: date, is_holiday: bool) -> Hours | None:
    return None if day.weekday() >= _SATURDAY else (7, 22)


def _peru(day: date, is_holiday: bool) -> Hours | None:
    return None if day.weekday() >= _SATURDAY else (7, 20)


_HOURS: dict[ContactWindow, Callable[[date, bool], Hours | None]] = {
    "CO": _colombia,
    "MX": _mexico,
    "CL": _chile,
    "PE": _peru,
}


def open_from(
    window: ContactWindow, instant: datetime, where: ZoneInfo, holidays: Holidays, within: timedelta
) -> tuple[datetime, datetime] | None:
    """From when on (the instant itself, if it is inside) and until when the window is open; None if not ``within``."""
    day = instant.astimezone(where).date()
    while first_instant(datetime.combine(day, time()), where)[0] - instant <= within:
        hours = _HOURS[window](day, day in holidays)
        if hours:
            opens, closes = (first_instant(datetime.combine(day, time(hour)), where)[0] for hour in hours)
            if instant < closes:
                return (max(instant, opens), closes) if opens - instant <= within else None
        day += _DAY
    return None
