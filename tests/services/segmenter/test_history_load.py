"""Loading years of history disturbs nobody: when it pauses, each customer's final segment is told once."""

import asyncio
from datetime import UTC, date, datetime, timedelta

from services.segmenter.usecases.judge_history_load import JudgeHistoryLoad
from shared.contracts.customers_v1 import TOPIC
from shared.messaging.batch import Batch, PartitionProgress
from tests.oracle.accounts import account, failed
from tests.services.segmenter.listener import Listener, a_segment
from tests.services.segmenter.races import holding, stands_waiting, waits_or_is_done
from tests.services.segmenter.sender import Books

TODAY = date(2026, 3, 9)
ONE_FAILED = a_segment("uno", variable="failed_payments", operator="gt", value=0)
TWO_FAILED = a_segment("dos", variable="failed_payments", operator="gt", value=1)
AT_THE_END = PartitionProgress(TOPIC, 0, 1, datetime(2026, 3, 9, 17, tzinfo=UTC))


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


async def load_pauses(segmenter: Listener) -> None:
    while await JudgeHistoryLoad(segmenter.database, segmenter.clock, pause_seconds=0).step():
        pass


async def a_load(segmenter: Listener, books: Books) -> None:
    """Two failed payments of the past, each in a batch of its own."""
    await segmenter.hears(books.attempts(failed(on=days_ago(60)), history=True))
    await segmenter.hears(books.attempts(failed(on=days_ago(30)), history=True))


async def test_a_new_customer_stands_in_default_untold_until_the_load_pauses(segmenter: Listener) -> None:
    await segmenter.refreshes(TWO_FAILED, ONE_FAILED)
    books = Books(account(customer_id="ana"))
    await segmenter.hears(books.registered(history=True))
    await a_load(segmenter, books)
    assert (await segmenter.segment_of("ana"), await segmenter.moves_told()) == ("default", [])
    await load_pauses(segmenter)
    assert await segmenter.moves_told() == [("ana", None, "dos", "event")]


async def test_a_customer_known_before_is_told_its_final_move_alone(segmenter: Listener) -> None:
    await segmenter.refreshes(TWO_FAILED, ONE_FAILED)
    books = Books(account(customer_id="ana"))
    await segmenter.hears(books.registered())
    await a_load(segmenter, books)
    await load_pauses(segmenter)
    assert await segmenter.moves_told() == [("ana", None, "default", "event"), ("ana", "default", "dos", "event")]


async def test_neither_a_live_event_nor_a_day_nor_a_refresh_tells_what_is_not_final(segmenter: Listener) -> None:
    books = Books(account(customer_id="ana"))
    await segmenter.hears(books.registered(history=True))
    await segmenter.hears(books.attempts(failed(on=TODAY)))
    await segmenter.refreshes(ONE_FAILED)
    await segmenter.turns_day(to=TODAY + timedelta(days=1))
    assert await segmenter.moves_told() == []
    await load_pauses(segmenter)
    assert await segmenter.moves_told() == [("ana", None, "uno", "event")]


async def test_while_the_load_goes_on_nobody_is_judged(segmenter: Listener) -> None:
    await segmenter.hears(Books(account(customer_id="ana")).registered(history=True))
    assert not await JudgeHistoryLoad(segmenter.database, segmenter.clock, pause_seconds=3600).step()
    assert await segmenter.moves_told() == []


async def test_after_the_load_events_are_judged_at_once_again(segmenter: Listener) -> None:
    await segmenter.refreshes(TWO_FAILED, ONE_FAILED)
    books = Books(account(customer_id="ana"))
    await segmenter.hears(books.registered(history=True))
    await load_pauses(segmenter)
    await segmenter.hears(books.attempts(failed(on=TODAY)))
    assert (await segmenter.moves_told())[-1] == ("ana", "default", "uno", "event")


async def test_what_is_being_heard_while_the_load_is_judged_is_judged_too(segmenter: Listener) -> None:
    await segmenter.refreshes(ONE_FAILED)
    books = Books(account(customer_id="ana"))
    await segmenter.events.apply(Batch([books.registered(history=True)], progress=[AT_THE_END]))
    async with holding(segmenter, "FROM partition_progress"):
        last = Batch([books.attempts(failed(on=TODAY), history=True)], progress=[AT_THE_END])
        hearing = asyncio.create_task(segmenter.events.apply(last))
        await stands_waiting(segmenter)
        judging = asyncio.create_task(load_pauses(segmenter))
        await waits_or_is_done(segmenter, judging)
    await asyncio.gather(hearing, judging)
    await load_pauses(segmenter)
    assert await segmenter.segment_of("ana") == "uno"
