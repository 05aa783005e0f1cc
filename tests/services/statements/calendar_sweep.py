"""Every zone whose clock jumps, every rule that may meet a jump: exactly one occurrence a period, where it belongs.

The oracle knows nothing of the product: it writes the wanted local times down and walks through time minute by minute
until the wall clock shows them. ``python -m tests.services.statements.calendar_sweep`` takes ten years of every zone
(``make sweep``); the suite takes what is short of it.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from services.statements.domain.calendar import occurrences
from services.statements.domain.rule import Content, Frequency, Rule
from shared.basics.days import zone

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHLY = (1, 5, 29, 30, 31)


@dataclass(frozen=True)
class Jump:
    """A change of a zone's offset: when, and what the wall clock leaves out or shows twice."""

    at: datetime
    low: datetime
    high: datetime

    @property
    def walls(self) -> tuple[datetime, ...]:
        """Wall times that may be mistaken: both edges, the middle, the last minute."""
        middle = self.low + (self.high - self.low) / 2
        return self.low, middle.replace(second=0), self.high - MINUTE, self.high


@dataclass(frozen=True)
class Compared:
    """How much was compared."""

    zones: int = 0
    rules: int = 0
    periods: int = 0

    def __add__(self, other: "Compared") -> "Compared":
        return Compared(self.zones + other.zones, self.rules + other.rules, self.periods + other.periods)


def jumps(name: str, start: date, years: int) -> tuple[Jump, ...]:
    """Every change of the offset, found hour by hour and then minute by minute."""
    where, found = zone(name), []
    instant, end = datetime.combine(start, time(), UTC), datetime(start.year + years, 1, 1, tzinfo=UTC)
    while instant < end:
        later = instant + 6 * HOUR
        if instant.astimezone(where).utcoffset() != later.astimezone(where).utcoffset():
            found.append(_jump(instant, later, where))
        instant = later
    return tuple(found)


def _jump(instant: datetime, later: datetime, where: ZoneInfo) -> Jump:
    before = instant.astimezone(where).utcoffset()
    while instant < later and instant.astimezone(where).utcoffset() == before:
        instant += MINUTE
    left = (instant - MINUTE).astimezone(where).replace(tzinfo=None) + MINUTE
    low, high = sorted((left, instant.astimezone(where).replace(tzinfo=None)))
    return Jump(instant, low, high)


def zones_that_jump(start: date, years: int) -> dict[tuple[Jump, ...], list[str]]:
    """The zones of each way of jumping."""
    ways: dict[tuple[Jump, ...], list[str]] = {}
    for name in sorted(available_timezones()):
        found = jumps(name, start, years)
        if found:
            ways.setdefault(found, []).append(name)
    return ways


def frequencies(wall: datetime) -> Iterator[Frequency]:
    """Weekly on the day of a jump, and monthly on that day and on the hard ones."""
    yield Frequency(type="weekly", weekdays=(NAMES[wall.weekday()],))
    for day in sorted({*MONTHLY, wall.day}):
        yield Frequency(type="monthly", day=day)


def wanted(frequency: Frequency, at: time, start: date, end: date) -> Iterator[tuple[str, datetime]]:
    """(period, local time) of every day from start up to and without end, by looking at each day."""
    for number in range((end - start).days):
        day = start + number * DAY
        last = ((day.replace(day=28) + 4 * DAY).replace(day=1) - DAY).day
        if frequency.type == "weekly" and NAMES[day.weekday()] in frequency.weekdays:
            year, week, _ = day.isocalendar()
            yield f"{year}-W{week:02}-{NAMES[day.weekday()][:3]}", datetime.combine(day, at)
        elif frequency.type == "monthly" and day.day == min(frequency.day or 0, last):
            yield f"{day:%Y-%m}", datetime.combine(day, at)


def walked(times: Iterable[datetime], where: ZoneInfo) -> dict[datetime, datetime]:
    """The first minute at which the wall clock shows each local time or later.

    One walk serves all of them in their order: a minute that does not show an earlier one shows no later one.
    """
    found, instant = {}, datetime.min.replace(tzinfo=UTC)
    for local in sorted(times):
        instant = max(instant, local.replace(tzinfo=UTC) - 28 * HOUR)
        while instant.astimezone(where).replace(tzinfo=None) < local:
            instant += MINUTE
        found[local] = instant
    return found


def check(name: str, found: Sequence[Jump], start: date, end: date) -> Compared:
    """Compare all rules at the wall times of a zone's jumps."""
    walls = {wall for jump in found for wall in jump.walls}
    rules = {(wall.time(), frequency) for wall in walls for frequency in frequencies(wall)}
    expected = {(at, frequency): list(wanted(frequency, at, start, end)) for at, frequency in rules}
    instants = walked({local for days in expected.values() for _, local in days}, zone(name))
    for (at, frequency), days in expected.items():
        got = occurrences_of(name, frequency, at, start, end)
        assert got == [(period, instants[local]) for period, local in days], (name, frequency, at)
        assert len({period for period, _ in got}) == len(got), (name, frequency, at)
    return Compared(1, len(rules), sum(map(len, expected.values())))


def occurrences_of(name: str, frequency: Frequency, at: time, start: date, end: date) -> list[tuple[str, datetime]]:
    """What the product makes of a rule from start up to and without end."""
    rule = Rule(
        name=name,
        frequency=frequency,
        time=at,
        time_zone=name,
        content=Content(type="full", paid_within_days=90),
        active_from=start,
        active_until=end - DAY,
    )
    return [(one.period, one.at) for one in occurrences(rule, datetime.combine(start, time(), UTC) - 3 * DAY)]


def main(first_year: int = 2026, years: int = 10) -> None:
    """The long sweep: every way of jumping, every wall time at which it jumps, ten years."""
    start, end = date(first_year, 1, 1), date(first_year + years, 1, 1)
    ways, compared = zones_that_jump(start, years), Compared()
    with ProcessPoolExecutor(2) as workers:
        checks = {workers.submit(check, names[0], found, start, end): names for found, names in ways.items()}
        for number, done in enumerate(as_completed(checks), start=1):
            compared += done.result()
            print(f"{number}/{len(ways)} {' = '.join(checks[done])}", flush=True)
    names = sum(map(len, ways.values()))
    print(f"{names} zones, {len(ways)} ways to jump, {compared.rules:,} rules: {compared.periods:,} periods, all equal")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
