"""Every zone whose clock jumps, every rule that may meet a jump: exactly one occurrence a period, where it belongs.

The oracle knows nothing of the product: it writes the wanted local times down and walks through time minute by minute
until the wall clock shows them. ``python -m tests.services.statements.calendar_sweep`` takes ten years of every zone
(``make sweep``); the suite takes what is short of it.
"""

import sys
from collections.abc import Iterator
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
    """A change of a zone's offset: when, and what the wall clock shows in its middle."""

    at: datetime
    wall: datetime


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
    sides = [moment.astimezone(where).replace(tzinfo=None) for moment in (instant - MINUTE, instant)]
    middle = min(sides) + abs(sides[1] - sides[0]) / 2
    return Jump(instant, middle.replace(second=0, microsecond=0))


def zones_that_jump(start: date, years: int) -> dict[str, tuple[Jump, ...]]:
    """One zone for each way of jumping, with its jumps."""
    ways: dict[tuple[Jump, ...], str] = {}
    for name in sorted(available_timezones()):
        found = jumps(name, start, years)
        if found:
            ways.setdefault(found, name)
    return {name: found for found, name in ways.items()}


def frequencies(jump: Jump) -> Iterator[Frequency]:
    """Weekly on the day of a jump, and monthly on that day and on the hard ones."""
    yield Frequency(type="weekly", weekdays=(NAMES[jump.wall.weekday()],))
    for day in sorted({*MONTHLY, jump.wall.day}):
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


def walked(times: list[datetime], where: ZoneInfo) -> Iterator[datetime]:
    """For each local time: the first minute at which the wall clock shows it or later."""
    for local in times:
        instant = local.replace(tzinfo=UTC) - 28 * HOUR
        while instant.astimezone(where).replace(tzinfo=None) < local:
            instant += MINUTE
        yield instant


def check(name: str, jump: Jump, start: date, end: date) -> int:
    """Compare all rules at the wall time of a jump; how many occurrences were compared."""
    where, compared = zone(name), 0
    for frequency in frequencies(jump):
        expected = list(wanted(frequency, jump.wall.time(), start, end))
        instants = list(walked([local for _, local in expected], where))
        rule = Rule(
            name=name,
            frequency=frequency,
            time=jump.wall.time(),
            time_zone=name,
            content=Content(type="full", paid_within_days=90),
            active_from=start,
            active_until=end - DAY,
        )
        got = [(one.period, one.at) for one in occurrences(rule, datetime.combine(start, time(), UTC) - 3 * DAY)]
        assert got == [(period, at) for (period, _), at in zip(expected, instants, strict=True)], (name, frequency)
        assert len({period for period, _ in got}) == len(got), (name, frequency)
        compared += len(got)
    return compared


def main(first_year: int = 2026, years: int = 10) -> None:
    """The long sweep: every way of jumping, every wall time at which it jumps, ten years."""
    start, end = date(first_year, 1, 1), date(first_year + years, 1, 1)
    ways, compared = zones_that_jump(start, years), 0
    for number, (name, found) in enumerate(ways.items(), start=1):
        by_time = {(jump.wall.time(), jump.wall.weekday()): jump for jump in found}
        compared += sum(check(name, jump, start, end) for jump in by_time.values())
        print(f"{number}/{len(ways)} {name}: {compared} occurrences compared", flush=True)


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
