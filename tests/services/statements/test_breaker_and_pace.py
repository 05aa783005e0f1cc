"""A gateway that keeps failing is left alone for a while, and mails go out at the pace of a deployment."""

import asyncio
from datetime import UTC, datetime, timedelta

from services.statements.domain.breaker import Breaker
from services.statements.domain.pace import Pace
from services.statements.domain.sending import Answer
from tests.services.statements.house import House
from tests.services.statements.sending import fail, say_nothing
from tests.services.statements.thursday_run import PERIOD, debtor, outcomes, planned

AWAY, BROKEN, BUSY, TAKEN = (
    Answer("not_sent"),
    Answer("doubt", 500, "server_error"),
    Answer("not_sent", 429),
    Answer("accepted", 202),
)
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def test_ten_failures_in_a_row_open_it_and_one_mail_closes_it() -> None:
    shut = Breaker(1).after([AWAY, BROKEN] * 5, now=100)
    assert (shut.allowance(100.9, 10), shut.allowance(101, 10)) == (0, 1)
    assert shut.after([TAKEN], now=101).allowance(101, 10) == 10
    again = shut.after([AWAY], now=101)
    assert (again.allowance(102.9, 10), again.allowance(103, 10)) == (0, 1)


def test_pauses_grow_up_to_eight_times_the_first() -> None:
    state, now = Breaker(1).after([AWAY] * 10, now=0), 0.0
    pauses = []
    for _ in range(6):
        pauses.append(state.open_until - now)
        now = state.open_until
        state = state.after([AWAY], now=now)
    assert pauses == [1, 2, 4, 8, 8, 8]


def test_a_gateway_that_answers_is_alive() -> None:
    assert Breaker(1).after([*[AWAY] * 9, BUSY, *[AWAY] * 9], now=0).allowance(0, 10) == 10
    assert Breaker(1).after([Answer("rejected", 422)] * 50, now=0).allowance(0, 10) == 10


def test_slots_come_at_the_pace_and_are_not_saved_up() -> None:
    pace = Pace(5)
    assert pace.free_slots(NOON, None) == 5
    used = pace.after(NOON, None, 5)
    assert pace.free_slots(NOON, used) == 0
    assert pace.free_slots(NOON + timedelta(seconds=0.4), used) == 2
    assert pace.free_slots(NOON + timedelta(hours=1), used) == 5
    assert Pace(0.1).free_slots(NOON + timedelta(seconds=9), Pace(0.1).after(NOON, None, 1)) == 0
    assert Pace(0.1).free_slots(NOON + timedelta(seconds=10), Pace(0.1).after(NOON, None, 1)) == 1


async def test_a_gateway_that_is_down_is_left_alone_and_the_run_waits(house: House) -> None:
    say_nothing(house)
    await planned(house, *(debtor(f"c{number:02}") for number in range(30)))
    fail(house, "fail_500")
    steps = house.steps()
    steps.send_mails.breaker = Breaker(3600)  # longer than any machine takes for the steps in between
    await house.work(steps)
    assert house.catcher.counts["failed"] == 10
    run = await house.run_of("r", PERIOD)
    assert (run["state"], run["counts"]["failed"], run["counts"]["planned"]) == ("running", 0, 20)
    fail(house, "none")
    await house.skip_pauses()
    steps.send_mails.breaker = Breaker(1)
    await house.work(steps)
    assert len(house.mails) == 30


async def test_while_the_gateway_is_left_alone_what_is_over_its_window_is_given_up(house: House) -> None:
    await planned(house, *(debtor(f"c{number:02}") for number in range(12)), catch_up_hours=1)
    steps = house.steps()
    await steps.prepare_mails()
    steps.send_mails.breaker = Breaker(3600).after([AWAY] * 10, now=10**9)
    await house.work(steps)
    assert (await house.run_of("r", PERIOD))["counts"]["planned"] == 12
    house.clock.set("2026-03-12T10:00:02-05:00")
    await house.work(steps)
    found = await house.deliveries(await house.run_of("r", PERIOD))
    assert set(outcomes(found).values()) <= {("failed", "gave_up"), ("skipped", "too_late")}


async def test_all_replicas_share_one_pace(house: House) -> None:
    say_nothing(house)
    await planned(house, *(debtor(f"c{number:02}") for number in range(20)))
    workers = [house.steps() for _ in range(3)]
    for worker in workers:
        worker.send_mails.pace = Pace(0.001)
        await worker.prepare_mails()
    claims = await asyncio.gather(*(worker.send_mails.claim() for worker in workers for _ in range(2)))
    assert sum(len(claim.mails) for claim in claims) == 1
