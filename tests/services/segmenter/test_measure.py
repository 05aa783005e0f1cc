"""What ``/metrics`` of the segmenter says of its day, its refresh, its webhooks and what it hears."""

import math
from datetime import date, timedelta

import pytest

from services.segmenter.usecases.measure import Measure
from services.segmenter.usecases.turn_day import TurnDay
from shared.basics.days import zone
from shared.contracts import customers_v1
from shared.database.engine import Database
from tests.oracle.accounts import account
from tests.services.segmenter.house import House
from tests.services.segmenter.listener import Listener, SetClock, a_segment
from tests.services.segmenter.sender import Books
from tests.services.segmenter.test_webhooks import runs, subscribes
from tests.support.metrics import metric

TODAY = date(2026, 3, 9)


@pytest.fixture
def measure(database: Database, clock: SetClock) -> Measure:
    return Measure(database, clock, zone("America/Bogota"))


async def test_a_day_that_is_not_turned_is_late_from_its_midnight_on(segmenter: Listener, measure: Measure) -> None:
    await segmenter.turns_day(to=TODAY)
    await measure()
    assert (metric("day_turn_late_seconds"), metric("day_turn_pending_days")) == (0, 0)
    assert metric("day_turned_to_timestamp_seconds") == 1773032400  # 2026-03-09T05:00:00Z
    assert 0 < metric("day_turn_seconds") < 60

    segmenter.clock.day = TODAY + timedelta(days=2)
    await measure()
    assert metric("day_turn_late_seconds") == 36 * 3600
    assert metric("day_turn_pending_days") == 2


async def test_a_new_service_is_no_two_thousand_years_late(measure: Measure) -> None:
    await measure()
    assert metric("day_turn_late_seconds") < 24 * 3600
    assert math.isnan(metric("day_turned_to_timestamp_seconds"))


async def test_a_turn_under_way_counts_its_seconds(segmenter: Listener, measure: Measure) -> None:
    await segmenter.hears(*(Books(account(customer_id=one)).registered() for one in ("ana", "bea")))
    segmenter.clock.day = TODAY + timedelta(days=1)
    assert await TurnDay(segmenter.database, segmenter.clock, range_size=1).step()
    await measure()
    first = metric("day_turn_seconds")
    await measure()
    assert metric("day_turn_seconds") > first > 0


async def test_a_refresh_says_how_far_it_is(house: House, measure: Measure) -> None:
    await measure()
    assert (metric("refresh_left"), metric("refresh_done_ratio"), metric("refresh_age_seconds")) == (0, 1, 0)
    await house.segmenter.hears(*(Books(account(customer_id=one)).registered() for one in ("ana", "bea")))
    await house.drafts(a_segment("fallidos", variable="failed_payments", operator="gt", value=0))
    await house.asks_refresh()
    await measure()
    assert (metric("refresh_left"), metric("refresh_done_ratio")) == (2, 0)
    assert metric("refresh_age_seconds") > 0


async def test_failing_webhooks_are_counted_by_whether_they_are_still_tried(
    house: House, database: Database, measure: Measure
) -> None:
    for name in ("fine", "slow", "gone"):
        await subscribes(house, "http://127.0.0.1:9/hook", name)
    await runs(database, "UPDATE webhooks SET failures = 3 WHERE webhook_id IN ('slow', 'gone')")
    await runs(database, "UPDATE webhooks SET state = 'failing' WHERE webhook_id = 'gone'")
    await measure()
    assert (metric("webhooks_failing", state="retrying"), metric("webhooks_failing", state="failing")) == (1, 1)


async def test_facts_grow_old_from_what_was_heard_last(database: Database, clock: SetClock, measure: Measure) -> None:
    await measure()
    assert math.isnan(metric("facts_age_seconds"))
    heard = "INSERT INTO partition_progress (topic, partition, of, through) VALUES (:topic, 0, 1, :through)"
    await runs(database, heard, topic=customers_v1.TOPIC, through=clock.now() - timedelta(seconds=90))
    await measure()
    assert metric("facts_age_seconds") == 90


async def test_an_event_that_no_webhook_takes_grows_old(
    house: House, database: Database, clock: SetClock, measure: Measure
) -> None:
    await measure()
    assert metric("webhooks_late_seconds") == 0
    for name in ("slow", "gone"):
        await subscribes(house, "http://127.0.0.1:9/hook", name)
    tell = (
        "INSERT INTO webhook_events (position, key, type, event_id, source, sequence, epoch, time, data)"
        " VALUES (:position, 'ana', :type, 'e', 'segmenter', 1, 1, :time, '')"
    )
    for position, kind, age in ((1, "segment.assigned", 90), (2, "not.wanted", 900), (None, "segment.assigned", 10)):
        told_at = clock.now() - timedelta(seconds=age)
        await runs(database, tell, position=position, type=kind, time=told_at)
    await measure()
    assert metric("webhooks_late_seconds") == 90
    await runs(database, "UPDATE webhooks SET passed = 2 WHERE webhook_id = 'slow'")
    await runs(database, "UPDATE webhooks SET state = 'failing' WHERE webhook_id = 'gone'")
    await measure()
    assert metric("webhooks_late_seconds") == 10


async def test_walks_over_everyone_tell_how_old_they_are(database: Database, measure: Measure) -> None:
    await measure()
    assert math.isnan(metric("walk_age_seconds", walk="audit"))
    await runs(database, "UPDATE walks SET finished_at = clock_timestamp() - interval '30 h' WHERE name = 'audit'")
    await measure()
    assert 108000 <= metric("walk_age_seconds", walk="audit") < 108100
    assert math.isnan(metric("walk_age_seconds", walk="suppressions"))
