"""When a rule is due: local periods turned into instants.

A period is due at the first instant at which the rule's wall clock shows the wanted date and time or later: after a
gap at its end, of two passes the first, on a skipped day the first instant after it. Outside the rule's contact window
it is due at the next opening. Source: meaning.md 40 and 48.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Literal
from zoneinfo import ZoneInfo

from services.statements.domain.contact_windows import Holidays, open_from
from services.statements.domain.instants import first_instant
from services.statements.domain.rule import WEEKDAYS, Frequency, Rule
from shared.basics.days import zone

Shift = Literal["short_month", "dst_gap", "dst_fold", "contact_window"]

_DAY = timedelta(days=1)
_LAST_DAY = date(9990, 1, 1)


@dataclass(frozen=True)
class Occurrence:
    """A period of a rule: its key, its nominal local date, its instant (UTC), and why it is not where one expects.

    ``is_shut_out``: no opening of the contact window comes within the catch-up window, so it will be missed.
    """

    period: str
    nominal_on: date
    at: datetime
    shifts: tuple[Shift, ...] = ()
    is_shut_out: bool = False


def occurrences(rule: Rule, after: datetime, holidays: Holidays = frozenset()) -> Iterator[Occurrence]:
    """The rule's occurrences later than an instant, in order, without end unless the rule has one."""
    where = zone(rule.time_zone)
    reach = 2 * _DAY + (rule.catch_up if rule.contact_window else timedelta(0))
    earliest = max(date.min + reach, after.astimezone(where).date()) - reach
    for period, nominal_on, is_short in _nominal_days(rule.frequency, max(earliest, rule.active_from or date.min)):
        if nominal_on > min(rule.active_until or date.max, _LAST_DAY):
            return
        found = occurrence_on(rule, nominal_on, period, is_short=is_short, holidays=holidays)
        if found.at > after and nominal_on >= (rule.active_from or date.min):
            yield found


def occurrence_on(
    rule: Rule, nominal_on: date, period: str, *, is_short: bool = False, holidays: Holidays = frozenset()
) -> Occurrence:
    """A period of a local date, whether or not that is one of the rule's days."""
    where = zone(rule.time_zone)
    at, jump = first_instant(datetime.combine(nominal_on, rule.time), where)
    shifts: tuple[Shift, ...] = (*(("short_month",) if is_short else ()), *((jump,) if jump else ()))
    return _within_window(Occurrence(period, nominal_on, at, shifts), rule, where, holidays)


def _within_window(found: Occurrence, rule: Rule, where: ZoneInfo, holidays: Holidays) -> Occurrence:
    """The same, moved to the next opening of the rule's contact window."""
    if rule.contact_window is None:
        return found
    hours = open_from(rule.contact_window, found.at, where, holidays, rule.catch_up)
    if hours and hours[0] == found.at:
        return found
    shifts: tuple[Shift, ...] = (*found.shifts, "contact_window")
    return replace(found, at=hours[0] if hours else found.at, shifts=shifts, is_shut_out=hours is None)


def occurrences_between(
    rule: Rule, after: datetime, through: datetime, holidays: Holidays = frozenset()
) -> list[Occurrence]:
    """The rule's occurrences later than ``after``, up to and including ``through``."""
    return list(takewhile(lambda occurrence: occurrence.at <= through, occurrences(rule, after, holidays)))


def _nominal_days(frequency: Frequency, earliest: date) -> Iterator[tuple[str, date, bool]]:
    """(period key, local date, whether a short month moved it), from the period of a date on."""
    return _weekly(frequency, earliest) if frequency.type == "weekly" else _monthly(frequency, earliest)


def _weekly(frequency: Frequency, earliest: date) -> Iterator[tuple[str, date, bool]]:
    wanted = {WEEKDAYS.index(name) for name in frequency.weekdays}
    day = earliest
    while True:
        if day.weekday() in wanted:
            year, week, _ = day.isocalendar()
            yield f"{year}-W{week:02}-{WEEKDAYS[day.weekday()][:3]}", day, False
        day += _DAY


def _monthly(frequency: Frequency, earliest: date) -> Iterator[tuple[str, date, bool]]:
    wanted = frequency.day or 1
    year, month = earliest.year, earliest.month
    while True:
        last = monthrange(year, month)[1]
        yield f"{year}-{month:02}", date(year, month, min(wanted, last)), wanted > last
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def sends_until(rule: Rule, nominal_on: date, due_at: datetime, holidays: Holidays) -> datetime | None:
    """The instant after which nothing of a run is sent any more; None without such a limit.

    It is ``send_until`` of the day on which the period came due, or the closing of the contact window if that is
    earlier.
    """
    where, limits = zone(rule.time_zone), []
    if rule.send_until is not None:
        day = max(nominal_on, due_at.astimezone(where).date())
        limits.append(first_instant(datetime.combine(day, rule.send_until), where)[0])
    if rule.contact_window is not None:
        hours = open_from(rule.contact_window, due_at, where, holidays, rule.catch_up)
        limits += [hours[1]] if hours else []
    return min(limits, default=None)
