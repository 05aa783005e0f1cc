"""What ``/metrics`` of statements says of its runs and its mails."""

from prometheus_client import REGISTRY
from sqlalchemy import text

from services.statements.usecases.measure import Measure
from tests.services.statements.house import House
from tests.services.statements.sending import fail, say_nothing
from tests.services.statements.thursday_run import debtor, planned
from tests.support.metrics import metric


def open_sends() -> dict[str, float]:
    return {state: metric("sends_open", state=state) for state in ("planned", "sending", "retry_wait", "unknown")}


async def test_mails_are_counted_by_how_they_stand(forgetful: House) -> None:
    measure = Measure(forgetful.database, forgetful.clock)
    await planned(forgetful, debtor("a"), debtor("b"))
    steps = forgetful.steps()
    while await steps.prepare_mails():
        pass
    await measure()
    assert open_sends() == {"planned": 2, "sending": 0, "retry_wait": 0, "unknown": 0}

    say_nothing(forgetful)
    fail(forgetful, "accept_then_drop")
    accepted = REGISTRY.get_sample_value("cascada_sends_total", {"state": "unknown"}) or 0.0
    await forgetful.work(steps)
    await measure()
    assert open_sends() == {"planned": 0, "sending": 0, "retry_wait": 0, "unknown": 2}
    assert metric("sends_total", state="unknown") - accepted == 2


async def test_a_run_that_is_due_is_late_until_it_is_finished(house: House) -> None:
    measure = Measure(house.database, house.clock)
    await planned(house, debtor("a"))
    house.clock.set("2026-03-12T09:10:00-05:00")
    await measure()
    assert metric("runs_late_seconds") == 600
    assert (metric("runs_unfinished", state="held"), metric("runs_unfinished", state="running")) == (0, 1)
    await house.work()
    await measure()
    assert (metric("runs_late_seconds"), metric("runs_unfinished", state="running")) == (0, 0)


async def test_missed_periods_are_seen_for_a_day(house: House) -> None:
    measure = Measure(house.database, house.clock)
    assert (await house.put_rule("r", catch_up_hours=1)).status_code == 201
    house.clock.set("2026-03-12T15:00:00-05:00")
    await house.work()
    await measure()
    assert metric("runs_missed") == 1
    house.clock.set("2026-03-13T09:00:01-05:00")
    await measure()
    assert metric("runs_missed") == 0


async def test_a_mail_that_is_due_and_not_tried_is_late(house: House) -> None:
    measure = Measure(house.database, house.clock)
    await planned(house, debtor("a"))
    steps = house.steps()
    while await steps.prepare_mails():
        pass
    async with house.database.transaction() as connection:
        await connection.execute(text("UPDATE addresses SET next_try_at = clock_timestamp() - interval '20 min'"))
    await measure()
    assert 1200 <= metric("sends_late_seconds") < 1300
    await house.work(steps)
    await measure()
    assert metric("sends_late_seconds") == 0


async def test_a_message_that_is_not_written_is_late(house: House) -> None:
    measure = Measure(house.database, house.clock)
    async with house.database.transaction() as connection:
        await connection.execute(
            text(
                "INSERT INTO deliveries (delivery_id, rule_id, period, customer_id, state, said_something, as_of_date)"
                " VALUES ('d', 'r', 'p', 'ana', 'planned', true, '2026-03-12')"
            )
        )
        await connection.execute(
            text(
                "INSERT INTO messages (customer_id, delivery_id, subject, body, window_ends_at, heard_at)"
                " VALUES ('ana', 'd', '{}', '{}', now(), clock_timestamp() - interval '2 h')"
            )
        )
    await measure()
    assert 7200 <= metric("sends_late_seconds") < 7300
