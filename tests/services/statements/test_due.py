"""What becomes of periods that are due: the latest runs, what is too late or overtaken is missed."""

from datetime import UTC, datetime, timedelta

import pytest

from services.statements.domain.calendar import occurrences_between
from services.statements.domain.due import judge_due
from services.statements.domain.rule import Frequency
from tests.services.statements.test_calendar import rule

NINE = datetime(2026, 3, 5, 14, tzinfo=UTC)
DAILY = Frequency(
    type="weekly", weekdays=("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)


def judged(now: datetime, *, since: datetime, hours: int = 6, attention: bool = False) -> list[str | None]:
    daily = rule(frequency=DAILY, catch_up_hours=hours)
    due = occurrences_between(daily, since, now)
    return [one.missed for one in judge_due(daily, due, now, needs_attention=attention)]


@pytest.mark.parametrize(
    ("hours", "late", "missed"),
    [
        (0, timedelta(seconds=60), None),
        (0, timedelta(seconds=61), "outside_catch_up"),
        (6, timedelta(hours=6), None),
        (6, timedelta(hours=6, seconds=1), "outside_catch_up"),
        (168, timedelta(hours=23), None),
    ],
)
def test_the_catch_up_window_is_exact(hours: int, late: timedelta, missed: str | None) -> None:
    assert judged(NINE + late, since=NINE - timedelta(hours=1), hours=hours) == [missed]


def test_of_several_within_the_window_only_the_latest_runs() -> None:
    now = NINE + timedelta(hours=1)
    found = judged(now, since=now - timedelta(days=4), hours=50)
    assert found == ["outside_catch_up", "coalesced", "coalesced", None]


def test_however_long_the_outage_every_period_is_judged() -> None:
    found = judged(NINE + timedelta(days=800, hours=8), since=NINE)
    assert found == ["outside_catch_up"] * 800


def test_a_rule_that_needs_attention_misses_what_it_would_have_run() -> None:
    assert judged(NINE, since=NINE - timedelta(days=1, hours=1), hours=30, attention=True) == [
        "coalesced",
        "needs_attention",
    ]
