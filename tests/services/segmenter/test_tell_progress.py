"""Progress: told by one worker at a time, in one sequence with the cascade, and never ahead of the days."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from services.segmenter.storage import judged_through
from services.segmenter.storage.day_turn import DayTurn, load_turn
from services.segmenter.usecases import tell_progress
from services.segmenter.usecases.judge_history_load import JudgeHistoryLoad
from services.segmenter.usecases.tell_progress import TellProgress
from shared.contracts.customers_v1 import TOPIC
from shared.database.engine import Transaction
from shared.messaging.batch import Batch, PartitionProgress
from tests.oracle.accounts import account
from tests.services.segmenter.listener import Listener, Told, a_segment
from tests.services.segmenter.sender import Books

TODAY = date(2026, 3, 9)
BOGOTA = ZoneInfo("America/Bogota")
A_LONG_TIME = 3600.0
"""Seconds: longer than any machine takes for what a test does meanwhile."""
FAILING = a_segment("fallidos", variable="failed_payments", operator="gt", value=0)


async def tells(segmenter: Listener) -> None:
    """The pause since the last telling is over, and a worker ticks."""
    async with segmenter.database.transaction() as connection:
        await connection.execute(text("UPDATE telling SET told_at = '-infinity'"))
    await TellProgress(segmenter.database, segmenter.clock, BOGOTA, lambda: None).step()


async def hears_up_to(segmenter: Listener, moment: datetime) -> None:
    await segmenter.events.apply(Batch(progress=[PartitionProgress(TOPIC, 0, 1, moment)]))


async def progress_told(segmenter: Listener) -> list[Told]:
    return [event for event in await segmenter.told() if event.type == "segmenter.progress"]


async def test_it_says_how_far_facts_are_in_everyones_segment(segmenter: Listener) -> None:
    await segmenter.turns_day(to=TODAY)
    await hears_up_to(segmenter, datetime(2026, 3, 9, 17, tzinfo=UTC))
    await tells(segmenter)
    [told] = await progress_told(segmenter)
    assert (told.key, told.data) == (
        "~cascade",
        {"facts_through": "2026-03-09T17:00:00Z", "as_of": "2026-03-09", "revision": 1, "refreshing": False},
    )


async def test_a_day_that_is_not_turned_holds_it_back(segmenter: Listener) -> None:
    await segmenter.turns_day(to=TODAY)
    segmenter.clock.day = TODAY + timedelta(days=3)
    await hears_up_to(segmenter, datetime(2026, 3, 12, 17, tzinfo=UTC))
    await tells(segmenter)
    await segmenter.turns_day(to=segmenter.clock.day)
    await tells(segmenter)
    assert [told.data["facts_through"] for told in await progress_told(segmenter)] == [
        "2026-03-10T00:00:00-05:00",
        "2026-03-12T17:00:00Z",
    ]


async def test_while_a_history_load_waits_to_be_judged_nobody_can_say(segmenter: Listener) -> None:
    await segmenter.turns_day(to=TODAY)
    await segmenter.hears(Books(account(customer_id="ana")).registered(history=True))
    await hears_up_to(segmenter, datetime(2026, 3, 9, 17, tzinfo=UTC))
    await tells(segmenter)
    while await JudgeHistoryLoad(segmenter.database, segmenter.clock, pause_seconds=0).step():
        pass
    await tells(segmenter)
    told = [event.data["facts_through"] for event in await progress_told(segmenter)]
    assert told == [None, "2026-03-09T17:00:00Z"]


async def test_before_the_first_day_is_turned_nothing_is_told(segmenter: Listener) -> None:
    await tells(segmenter)
    assert await progress_told(segmenter) == []


async def test_what_begins_to_load_while_it_is_worked_out_is_not_passed_over(
    segmenter: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    await segmenter.turns_day(to=TODAY)
    before, after = datetime(2026, 3, 9, 16, tzinfo=UTC), datetime(2026, 3, 9, 17, tzinfo=UTC)
    await hears_up_to(segmenter, before)

    async def load_turn_as_a_load_begins(connection: Transaction) -> DayTurn:
        progress = [PartitionProgress(TOPIC, 0, 1, after)]
        await segmenter.events.apply(Batch([Books(account(customer_id="ana")).registered(history=True)], (), progress))
        return await load_turn(connection)

    monkeypatch.setattr(judged_through, "load_turn", load_turn_as_a_load_begins)
    async with segmenter.database.transaction() as connection:
        assert await judged_through.judged_through(connection, BOGOTA) in (None, before)


async def test_of_all_workers_one_tells(segmenter: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tell_progress, "EVERY_SECONDS", A_LONG_TIME)
    await segmenter.turns_day(to=TODAY)
    await tells(segmenter)
    await TellProgress(segmenter.database, segmenter.clock, BOGOTA, lambda: None).step()
    assert len(await progress_told(segmenter)) == 1


async def test_the_relay_is_woken_by_the_one_that_tells(segmenter: Listener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tell_progress, "EVERY_SECONDS", A_LONG_TIME)
    await segmenter.turns_day(to=TODAY)
    woken: list[str] = []
    for name in ("tells", "comes second"):
        await TellProgress(segmenter.database, segmenter.clock, BOGOTA, partial(woken.append, name)).step()
    assert woken == ["tells"]


async def test_it_shares_one_rising_sequence_with_the_cascade(segmenter: Listener) -> None:
    await segmenter.turns_day(to=TODAY)
    await tells(segmenter)
    await segmenter.refreshes(FAILING)
    await tells(segmenter)
    about_everyone = [(event.type, event.sequence) for event in await segmenter.told() if event.key == "~cascade"]
    assert about_everyone == [("segmenter.progress", 1), ("cascade.published", 2), ("segmenter.progress", 3)]
