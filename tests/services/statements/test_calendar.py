"""When rules are due: against an oracle that walks through time minute by minute, in zones with every oddity."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from services.statements.domain.calendar import occurrences, occurrences_between, sends_until
from services.statements.domain.instants import first_instant
from services.statements.domain.rule import Content, Frequency, Rule
from shared.basics.days import zone

MINUTE = timedelta(minutes=1)

HARD_DAYS = [
    ("America/Bogota", date(2026, 3, 8)),
    ("America/New_York", date(2026, 3, 8)),  # 02:00 to 03:00 does not exist
    ("America/New_York", date(2026, 11, 1)),  # 01:00 to 02:00 comes twice
    ("America/Santiago", date(2026, 9, 6)),  # midnight does not exist
    ("America/Santiago", date(2026, 4, 4)),  # 23:00 to 24:00 comes twice
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("Africa/Cairo", date(2026, 4, 24)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),  # half an hour
    ("Pacific/Apia", date(2011, 12, 30)),  # the whole day is skipped
    ("America/Caracas", date(2016, 5, 1)),
]


def rule(**changed: object) -> Rule:
    known = {
        "name": "Prueba",
        "frequency": Frequency(type="weekly", weekdays=("monday", "thursday")),
        "time": time(9),
        "time_zone": "America/Bogota",
        "content": Content(type="full", paid_within_days=90),
        "status": "active",
    }
    return Rule(**{**known, **changed})  # type: ignore[arg-type]


def walked(every_wanted: list[datetime], where: ZoneInfo) -> Iterator[datetime]:
    """For each wanted time, in order: the first minute at which the wall clock shows it or later, found by walking."""
    instant = every_wanted[0].replace(tzinfo=UTC) - timedelta(hours=30)
    for wanted in every_wanted:
        while instant.astimezone(where).replace(tzinfo=None) < wanted:
            instant += MINUTE
        yield instant


@pytest.mark.parametrize(("name", "day"), HARD_DAYS)
def test_an_instant_is_the_first_at_which_the_wall_clock_shows_it_or_later(name: str, day: date) -> None:
    where = zone(name)
    every_wanted = [datetime.combine(day, time()) + minutes * MINUTE for minutes in range(24 * 60)]
    found = [first_instant(wanted, where)[0] for wanted in every_wanted]
    assert found == list(walked(every_wanted, where))


@pytest.mark.parametrize(
    ("name", "wanted", "instant", "shift"),
    [
        ("America/New_York", "2026-03-08T02:30", "2026-03-08T07:00:00+00:00", "dst_gap"),
        ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30:00+00:00", "dst_fold"),
        ("America/Santiago", "2026-09-06T00:15", "2026-09-06T04:00:00+00:00", "dst_gap"),
        ("Pacific/Apia", "2011-12-30T09:00", "2011-12-30T10:00:00+00:00", "dst_gap"),
        ("America/Bogota", "2026-03-08T02:30", "2026-03-08T07:30:00+00:00", None),
    ],
)
def test_every_shift_is_named(name: str, wanted: str, instant: str, shift: str | None) -> None:
    found = first_instant(datetime.fromisoformat(wanted), zone(name))
    assert found == (datetime.fromisoformat(instant), shift)


def test_the_31st_falls_on_the_last_day_of_shorter_months_and_comes_back() -> None:
    monthly = rule(frequency=Frequency(type="monthly", day=31))
    found = list(islice(occurrences(monthly, datetime(2027, 12, 31, 20, tzinfo=UTC)), 5))
    assert [(one.period, one.nominal_on.day, one.shifts) for one in found] == [
        ("2028-01", 31, ()),
        ("2028-02", 29, ("short_month",)),
        ("2028-03", 31, ()),
        ("2028-04", 30, ("short_month",)),
        ("2028-05", 31, ()),
    ]


@pytest.mark.parametrize("day", range(28, 32))
def test_every_month_has_exactly_one_occurrence(day: int) -> None:
    monthly = rule(frequency=Frequency(type="monthly", day=day), time_zone="America/Santiago", time=time(0))
    found = list(islice(occurrences(monthly, datetime(2026, 1, 1, tzinfo=UTC)), 60))
    months = [(one.nominal_on.year, one.nominal_on.month) for one in found]
    assert len(set(months)) == len(months) == 60
    assert all(one.nominal_on.day == day or "short_month" in one.shifts for one in found)


def test_weekly_periods_are_named_by_the_iso_week_of_the_local_date() -> None:
    daily = rule(frequency=Frequency(type="weekly", weekdays=("friday", "saturday", "sunday", "monday")))
    found = islice(occurrences(daily, datetime(2026, 12, 30, 20, tzinfo=UTC)), 5)
    assert [one.period for one in found] == [
        "2026-W53-fri",
        "2026-W53-sat",
        "2026-W53-sun",
        "2027-W01-mon",
        "2027-W01-fri",
    ]


def test_occurrences_are_in_order_and_none_is_left_out_wherever_one_starts() -> None:
    apia = rule(
        frequency=Frequency(type="weekly", weekdays=tuple(_all_days())), time_zone="Pacific/Apia", time=time(23, 30)
    )
    start = datetime(2011, 12, 20, tzinfo=UTC)
    everything = list(islice(occurrences(apia, start), 30))
    assert [one.at for one in everything] == sorted(one.at for one in everything)
    for place, one in enumerate(everything[:20]):
        following = next(occurrences(apia, one.at))
        assert following.at > one.at
        assert following in everything[place + 1 : place + 3]


def _all_days() -> Iterator[str]:
    yield from ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def test_active_dates_are_both_included() -> None:
    campaign = rule(active_from=date(2026, 3, 5), active_until=date(2026, 3, 12))
    found = list(occurrences(campaign, datetime(2026, 1, 1, tzinfo=UTC)))
    assert [one.nominal_on for one in found] == [date(2026, 3, 5), date(2026, 3, 9), date(2026, 3, 12)]


def test_between_leaves_out_the_start_and_takes_the_end() -> None:
    nine = datetime(2026, 3, 5, 14, tzinfo=UTC)
    assert [one.at for one in occurrences_between(rule(), nine - MINUTE, nine)] == [nine]
    assert occurrences_between(rule(), nine, nine + timedelta(days=1)) == []


def test_send_until_is_a_local_time_of_the_day_on_which_a_period_comes_due() -> None:
    day, nine = date(2026, 3, 5), datetime(2026, 3, 5, 14, tzinfo=UTC)
    limited = rule(send_until=time(12))
    assert sends_until(limited, day, nine, frozenset()) == datetime(2026, 3, 5, 17, tzinfo=UTC)
    assert sends_until(limited, day, nine + timedelta(days=1), frozenset()) == datetime(2026, 3, 6, 17, tzinfo=UTC)
    assert sends_until(rule(), day, nine, frozenset()) is None
