"""The short version of the calendar sweep: a year of zones that jump, at the wall time of their first jump."""

from datetime import date

from tests.services.statements.calendar_sweep import check, zones_that_jump

START, END = date(2026, 1, 1), date(2027, 1, 1)


def test_every_period_has_exactly_one_occurrence_where_clocks_jump() -> None:
    ways = zones_that_jump(START, 1)
    assert len(ways) > 20
    compared = [check(names[0], found[:1], START, END) for found, names in list(ways.items())[::3]]
    assert sum(one.periods for one in compared) > 1000
