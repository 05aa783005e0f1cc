"""When a rule is due: local periods turned into instants.

A period is due at the first instant at which the rule's wall clock shows the wanted date and time or later: after a
gap at its end, of two passes the first, on a skipped day the first instant after it. Source: meaning.md 40.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from typing import Literal
from zoneinfo import ZoneInfo

from services.statements.domain.rule import WEEKDAYS, Frequency, Rule
from shared.basics.days import zone

Shift = Literal["short_month", "dst_gap", "dst_fold"]

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_LAST_DAY = date(9990, 1, 1)


@dataclass(frozen=True)
class Occurrence:
    """A period of a rule: its key, its nominal local date, its instant (UTC), and why it is not where one expects."""

    period: str
    nominal_on: date
    at: datetime
    shifts: tuple[Shift, ...] = ()


def occurrences(rule: Rule, after: datetime) -> Iterator[Occurrence]:
    """The rule's occurrences later than an instant, in order, without end unless the rule has one."""
    where = zone(rule.time_zone)
    earliest = max(date.min + 2 * _DAY, after.astimezone(where).date()) - 2 * _DAY
    for period, nominal_on, is_short in _nominal_days(rule.frequency, max(earliest, rule.active_from or date.min)):
        if nominal_on > min(rule.active_until or date.max, _LAST_DAY):
            return
        at, shift = first_instant(datetime.combine(nominal_on, rule.time), where)
        if at > after and nominal_on >= (rule.active_from or date.min):
            shifts: tuple[Shift, ...] = (*(("short_month",) if is_short else ()), *((shift,) if shift else ()))
            yield Occurrence(period, nominal_on, at, shifts)


def occurrences_between(rule: Rule, after: datetime, through: datetime) -> list[Occurrence]:
    """The rule's occurrences later than ``after``, up to and including ``through``."""
    return list(takewhile(lambda occurrence: occurrence.at <= through, occurrences(rule, after)))


def first_instant(wanted: datetime, where: ZoneInfo) -> tuple[datetime, Shift | None]:
    """The first instant (UTC) at which the wall clock there shows ``wanted`` (naive) or later, and any shift."""
    first = wanted.replace(tzinfo=where, fold=0).astimezone(UTC)
    second = wanted.replace(tzinfo=where, fold=1).astimezone(UTC)
    if _wall(first, where) != wanted:
        return _end_of_gap(wanted, where, second, first), "dst_gap"
    return first, "dst_fold" if second != first else None


def _end_of_gap(wanted: datetime, where: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The instant of the jump over ``wanted``; it is later than ``before`` and not later than ``after``."""
    while after - before > _SECOND:
        middle = before + timedelta(seconds=(after - before) // _SECOND // 2)
        if _wall(middle, where) >= wanted:
            after = middle
        else:
            before = middle
    return after


def _wall(instant: datetime, where: ZoneInfo) -> datetime:
    return instant.astimezone(where).replace(tzinfo=None)


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


def send_until_instant(rule: Rule, nominal_on: date) -> datetime | None:
    """The instant after which nothing of that day is sent any more; None without such a limit."""
    if rule.send_until is None:
        return None
    return first_instant(datetime.combine(nominal_on, rule.send_until), zone(rule.time_zone))[0]
