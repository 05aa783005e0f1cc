"""Contact windows: hours by country against a table of our own, shifted runs, what is shut out, what closes early."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest

from services.statements.domain.calendar import occurrences, sends_until
from services.statements.domain.contact_windows import ContactWindow, open_from
from services.statements.domain.due import judge_due
from services.statements.domain.rule import Frequency
from shared.basics.days import zone
from tests.services.statements.house import House
from tests.services.statements.segmenter_telling import published
from tests.services.statements.test_calendar import rule
from tests.services.statements.thursday_run import debtor, outcomes

BOGOTA = zone("America/Bogota")
HOLIDAYS = frozenset({date(2026, 3, 23)})
EVERY_DAY = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WORKING, SATURDAY, SUNDAY, HOLIDAY = "2026-03-12", "2026-03-14", "2026-03-15", "2026-03-23"
HOURS: dict[ContactWindow, dict[str, range]] = {
    "CO": {WORKING: range(7, 19), SATURDAY: range(8, 15), SUNDAY: range(0), HOLIDAY: range(0)},
    "MX": {WORKING: range(7, 22), SATURDAY: range(0), SUNDAY: range(0), HOLIDAY: range(7, 22)},
    "CL": {WORKING: range(8, 20), SATURDAY: range(0), SUNDAY: range(0), HOLIDAY: range(0)},
    "PE": {WORKING: range(7, 20), SATURDAY: range(0), SUNDAY: range(0), HOLIDAY: range(7, 20)},
}


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}-05:00").astimezone(UTC)


@pytest.mark.parametrize("window", HOURS)
def test_a_window_is_open_in_its_hours_and_no_others(window: ContactWindow) -> None:
    for day, hours in HOURS[window].items():
        for hour in range(24):
            instant = local(f"{day}T{hour:02}:00")
            found = open_from(window, instant, BOGOTA, HOLIDAYS, timedelta(days=7))
            assert found is not None
            assert (found[0] == instant) == (hour in hours), (day, hour)


def test_the_next_opening_may_lie_beyond_a_weekend_and_a_holiday() -> None:
    saturday = local("2026-03-21T15:00")
    assert open_from("CO", saturday, BOGOTA, HOLIDAYS, timedelta(hours=64)) == (
        local("2026-03-24T07:00"),
        local("2026-03-24T19:00"),
    )
    assert open_from("CO", saturday, BOGOTA, HOLIDAYS, timedelta(hours=63)) is None


def test_occurrences_move_to_the_opening_and_keep_their_period() -> None:
    early = rule(contact_window="CO", time=datetime.fromisoformat("2026-01-01T05:30").time(), catch_up_hours=48)
    [thursday, monday] = islice(occurrences(early, local("2026-03-19T00:00"), HOLIDAYS), 2)
    assert (thursday.period, thursday.at, thursday.shifts) == (
        "2026-W12-thu",
        local("2026-03-19T07:00"),
        ("contact_window",),
    )
    assert (monday.period, monday.at) == ("2026-W13-mon", local("2026-03-24T07:00"))


def test_periods_that_meet_at_one_opening_are_one_run() -> None:
    daily = rule(
        frequency=Frequency(type="weekly", weekdays=EVERY_DAY),
        time=datetime.fromisoformat("2026-01-01T20:00").time(),
        contact_window="CO",
        catch_up_hours=48,
    )
    monday = local("2026-03-16T07:00")
    due = [one for one in islice(occurrences(daily, local("2026-03-14T10:00")), 3) if one.at == monday]
    judged = judge_due(daily, due, monday, needs_attention=False)
    assert [(one.occurrence.period, one.missed) for one in judged] == [
        ("2026-W11-sat", "coalesced"),
        ("2026-W11-sun", None),
    ]


def test_what_is_seen_late_at_night_waits_for_the_morning_if_that_is_within_catch_up() -> None:
    for hours, due_at, missed in ((24, "2026-03-13T07:00", None), (6, "2026-03-12T18:00", "outside_contact_window")):
        evening = rule(
            time=datetime.fromisoformat("2026-01-01T18:00").time(), contact_window="CO", catch_up_hours=hours
        )
        due = list(islice(occurrences(evening, local("2026-03-12T17:00")), 1))
        [judged] = judge_due(evening, due, local("2026-03-12T20:00"), needs_attention=False)
        assert (judged.due_at, judged.missed) == (local(due_at), missed)


def test_nothing_is_sent_after_the_window_has_closed() -> None:
    limited = rule(contact_window="CO", send_until=datetime.fromisoformat("2026-01-01T20:00").time())
    nine = local("2026-03-12T09:00")
    assert sends_until(limited, nine.date(), nine, frozenset()) == local("2026-03-12T19:00")


async def test_a_run_outside_the_window_falls_due_at_its_opening(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule("r", time="05:30", contact_window="CO")
    [first] = (await house.get("/rules/r/occurrences", limit=1))["items"]
    assert (first["local"], [shift["code"] for shift in first["shifts"]]) == (
        "2026-03-12T07:00:00-05:00",
        ["contact_window"],
    )
    house.clock.set("2026-03-12T05:30:01-05:00")
    await house.all_is_heard()
    await house.work()
    assert (await house.get("/runs"))["items"] == []
    house.clock.set("2026-03-12T07:00:01-05:00")
    await house.all_is_heard()
    await house.work()
    run = await house.run_of("r", "2026-W11-thu")
    assert (run["state"], run["local_due_at"]) == ("finished", "2026-03-12T07:00:00-05:00")
    assert outcomes(await house.deliveries(run)) == {"a": ("delivered", None)}


async def test_a_run_that_no_opening_reaches_is_missed_and_foretold_so(house: House) -> None:
    await house.put_rule("r", time="20:00", contact_window="CO")
    [first] = (await house.get("/rules/r/occurrences", limit=1))["items"]
    assert first["local"] == "2026-03-12T20:00:00-05:00"
    assert "nothing goes out" in first["shifts"][0]["text"]["en"]
    house.clock.set("2026-03-12T20:00:01-05:00")
    await house.work()
    run = await house.run_of("r", "2026-W11-thu")
    assert (run["state"], run["reason"]) == ("missed", "outside_contact_window")


async def test_a_run_that_waits_for_the_morning_is_held_until_then(house: House) -> None:
    await house.know(debtor("a"))
    await house.put_rule("r", time="18:00", contact_window="CO", catch_up_hours=24)
    house.clock.set("2026-03-12T20:00:00-05:00")
    await house.all_is_heard()
    await house.work()
    assert (await house.run_of("r", "2026-W11-thu"))["state"] == "held"
    async with house.database.transaction() as connection:
        await connection.exec_driver_sql("UPDATE runs SET held_since = held_since - interval '1 hour'")
    await house.work()
    assert (await house.run_of("r", "2026-W11-thu"))["state"] == "held"
    house.clock.set("2026-03-13T07:00:01-05:00")
    await house.all_is_heard()
    await house.work()
    run = await house.run_of("r", "2026-W11-thu")
    assert (run["state"], run["local_due_at"]) == ("finished", "2026-03-13T07:00:00-05:00")


async def test_holidays_published_later_count(house: House) -> None:
    await house.put_rule("r", frequency={"type": "weekly", "weekdays": ["monday"]}, contact_window="CO")
    await house.hear(published("default", seq=1, holidays=("2026-03-16",)))
    await house.work()
    [first] = (await house.get("/rules/r/occurrences", limit=1))["items"]
    assert "nothing goes out" in first["shifts"][0]["text"]["en"]
    await house.hear(published("default", seq=2))
    house.clock.set("2026-03-16T09:00:01-05:00")
    await house.work()
    assert (await house.run_of("r", "2026-W12-mon"))["state"] == "held"


async def test_a_holiday_that_is_taken_back_lets_its_period_run_at_its_own_time(house: House) -> None:
    await house.hear(published("default", seq=1, holidays=("2026-03-16",)))
    monday = {"type": "weekly", "weekdays": ["monday"]}
    await house.put_rule("r", frequency=monday, contact_window="CO", catch_up_hours=48)
    await house.work()
    [first] = (await house.get("/rules/r/occurrences", limit=1))["items"]
    assert first["local"] == "2026-03-17T07:00:00-05:00"
    await house.hear(published("default", seq=2))
    house.clock.set("2026-03-16T09:00:01-05:00")
    await house.work()
    assert (await house.run_of("r", "2026-W12-mon"))["state"] == "held"
