"""Time alone moves customers: on the right day, once, with no event at all."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from structlog.testing import capture_logs

from services.segmenter.domain.progress import NEVER, segments_through
from services.segmenter.storage.day_turn import claim_turn, hold_day
from services.segmenter.usecases.turn_day import TurnDay
from tests.oracle.accounts import account, an_invoice, paid
from tests.services.segmenter.listener import Listener, a_segment
from tests.services.segmenter.races import holding, stands_waiting, waits_or_is_done
from tests.services.segmenter.sender import Books

TODAY = date(2026, 3, 9)
BOGOTA = ZoneInfo("America/Bogota")
PAID_LATELY = a_segment("al-dia", variable="last_payment_on", operator="within_last_days", value=30)


def days_later(days: int) -> date:
    return TODAY + timedelta(days=days)


async def someone_who_paid_today(segmenter: Listener, customer_id: str = "ana") -> Books:
    books = Books(account(customer_id=customer_id))
    await segmenter.hears(books.registered(), books.attempts(paid(on=TODAY)))
    return books


async def test_a_customer_moves_on_the_right_day_and_not_one_day_earlier(segmenter: Listener) -> None:
    await segmenter.refreshes(PAID_LATELY)
    await someone_who_paid_today(segmenter)
    await segmenter.turns_day(to=days_later(30))
    assert await segmenter.segment_of("ana") == "al-dia"
    await segmenter.turns_day(to=days_later(31))
    assert (await segmenter.moves_told())[1:] == [("ana", "al-dia", "default", "day_turn")]


async def test_a_jump_over_many_days_is_one_turn(segmenter: Listener) -> None:
    books = Books(account(customer_id="ana"))
    await segmenter.hears(books.registered(), books.issues(an_invoice(issued_on=TODAY, due_on=TODAY)))
    await segmenter.turns_day(to=days_later(40))
    buckets = [event.data for event in await segmenter.told() if event.type == "aging_bucket.changed"]
    assert buckets == [{"customer_id": "ana", "from": "current", "to": "31-60", "as_of": "2026-04-18"}]


async def test_a_turned_day_is_not_turned_again(segmenter: Listener) -> None:
    await segmenter.turns_day(to=TODAY)
    assert await segmenter.rows("SELECT as_of, done FROM day_turn") == [{"as_of": TODAY, "done": True}]
    assert not await TurnDay(segmenter.database, segmenter.clock).step()


async def test_the_end_of_a_turn_is_told_in_a_line_of_the_log(segmenter: Listener) -> None:
    for customer_id in ("ana", "bea", "caro"):
        await someone_who_paid_today(segmenter, customer_id)
    segmenter.clock.day = days_later(1)
    turn = TurnDay(segmenter.database, segmenter.clock, range_size=2)
    with capture_logs() as lines:
        while await turn.step():
            pass
        await turn.step()
    assert lines == [{"event": "day_turned", "as_of": "2026-03-10", "log_level": "info"}]


async def test_a_turn_goes_on_where_another_worker_left_it(segmenter: Listener) -> None:
    await segmenter.refreshes(PAID_LATELY)
    for customer_id in ("ana", "bea", "caro"):
        await someone_who_paid_today(segmenter, customer_id)
    segmenter.clock.day = days_later(31)
    assert await TurnDay(segmenter.database, segmenter.clock, range_size=2).step()
    assert [await segmenter.segment_of(name) for name in ("ana", "bea", "caro")] == ["default", "default", "al-dia"]
    await segmenter.turns_day(to=days_later(31))
    moved = [customer for customer, *_, cause in await segmenter.moves_told() if cause == "day_turn"]
    assert moved == ["ana", "bea", "caro"]


async def test_two_workers_never_turn_the_same_range(segmenter: Listener) -> None:
    async with segmenter.database.transaction() as first:
        await hold_day(first, TODAY)
    async with segmenter.database.transaction() as first:
        assert await claim_turn(first) == ""
        assert not await TurnDay(segmenter.database, segmenter.clock).step()
    assert (await segmenter.rows("SELECT done FROM day_turn")) == [{"done": False}]


async def test_an_event_of_a_new_day_is_judged_by_that_day(segmenter: Listener) -> None:
    await segmenter.refreshes(PAID_LATELY)
    books = await someone_who_paid_today(segmenter)
    segmenter.clock.day = days_later(31)
    await segmenter.hears(books.updated(name="Ana María"))
    assert await segmenter.segment_of("ana") == "default"


async def test_a_worker_whose_clock_is_behind_judges_by_the_day_that_has_begun(segmenter: Listener) -> None:
    await segmenter.refreshes(PAID_LATELY)
    books = await someone_who_paid_today(segmenter)
    await segmenter.turns_day(to=days_later(31))
    segmenter.clock.day = TODAY
    await segmenter.hears(books.updated(name="Ana María"))
    assert await segmenter.segment_of("ana") == "default"


async def test_an_event_judged_by_the_old_day_cannot_leave_its_customer_at_the_old_verdict(segmenter: Listener) -> None:
    await segmenter.refreshes(PAID_LATELY)
    books = Books(account(customer_id="ana"))
    await segmenter.hears(books.registered())
    async with holding(segmenter, "FROM customers WHERE customer_id = 'ana'"):
        hearing = asyncio.create_task(segmenter.hears(books.attempts(paid(on=TODAY))))
        await stands_waiting(segmenter)
        turning = asyncio.create_task(segmenter.turns_day(to=days_later(31)))
        await waits_or_is_done(segmenter, turning)
    await asyncio.gather(hearing, turning)
    assert await segmenter.segment_of("ana") == "default"


def test_progress_stops_at_the_start_of_a_day_that_is_not_turned() -> None:
    facts = datetime(2026, 3, 10, 18, tzinfo=UTC)
    assert segments_through(facts, date(2026, 3, 10), BOGOTA) == facts
    assert segments_through(facts, date(2026, 3, 9), BOGOTA) == datetime(2026, 3, 10, 5, tzinfo=UTC)
    assert segments_through(None, date(2026, 3, 9), BOGOTA) is None
    assert segments_through(facts, NEVER, BOGOTA) is None
