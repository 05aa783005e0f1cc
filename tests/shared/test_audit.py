"""The audit finds what no event tells, and takes nothing for lost that is on its way."""

import pytest

from shared.contracts.customers_snapshots import Head
from shared.database.engine import Database
from shared.messaging import audit, walks
from shared.messaging.audit import compare
from shared.messaging.sequence import Position
from tests.shared.hearer import Hearer, Owner, snapshot, variable


@pytest.fixture
def hearer(database: Database) -> Hearer:
    return Hearer(database, Owner())


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for events on their way."""
    monkeypatch.setattr(audit, "_HEARD_WITHIN_SECONDS", 0.1)
    monkeypatch.setattr(audit, "_LOOK_SECONDS", 0.01)


def heads(**seqs: int) -> list[Head]:
    return [Head(customer_id=one, epoch=1, seq=seq) for one, seq in seqs.items()]


def own(**seqs: int) -> dict[str, Position]:
    return {one: Position(1, seq) for one, seq in seqs.items()}


def test_pages_are_compared_as_far_as_both_are_whole() -> None:
    found = compare(heads(a=1, c=3), own(a=1, b=1, c=2, d=9), page=2)
    assert (dict(found.lost), dict(found.unknown), found.upto) == ({"c": Position(1, 3)}, {"b": Position(1, 1)}, "c")
    shorter = compare(heads(a=1, b=1, c=1), own(a=1, b=1), page=2)
    assert (shorter.lost, shorter.unknown, shorter.upto) == ({}, {}, "b")
    last = compare(heads(c=2), own(), page=2)
    assert (dict(last.lost), last.upto) == ({"c": Position(1, 2)}, None)


def test_a_higher_epoch_is_further_than_any_sequence() -> None:
    found = compare([Head(customer_id="a", epoch=2, seq=1)], own(a=9))
    assert (dict(found.lost), found.ahead) == ({"a": Position(2, 1)}, [])


async def test_a_lost_last_event_is_repaired(hearer: Hearer) -> None:
    hearer.owner.has(snapshot("ana", 3), snapshot("bea", 7))
    await hearer.knows(ana=2, bea=7)
    await hearer.has_heard_all()
    await hearer.audits()
    assert await hearer.behind() == {"ana": (1, 3)}
    await hearer.mends()
    assert (await hearer.known(), await hearer.behind()) == ({"ana": (1, 3), "bea": (1, 7)}, {})


async def test_who_was_deleted_by_hand_comes_back_and_who_is_unknown_to_the_owner_goes(hearer: Hearer) -> None:
    hearer.owner.has(snapshot("ana", 3))
    await hearer.knows(zoe=2)
    await hearer.has_heard_all()
    await hearer.audits()
    await hearer.mends()
    assert (await hearer.known(), await hearer.behind()) == ({"ana": (1, 3)}, {})


async def test_events_on_their_way_are_not_lost(hearer: Hearer) -> None:
    hearer.owner.has(snapshot("ana", 3))
    await hearer.knows(ana=2)
    auditor = hearer.auditor()
    assert not await auditor.step()
    assert await hearer.behind() == {}

    await hearer.knows(ana=3)  # the event came
    await hearer.has_heard_all()
    await claims_run_out(hearer)
    assert not await auditor.step()
    assert await hearer.behind() == {}
    async with hearer.database.transaction() as connection:
        assert await walks.was_finished(connection, walks.AUDIT)


async def claims_run_out(hearer: Hearer) -> None:
    async with hearer.database.transaction() as connection:
        await walks.release(connection, walks.AUDIT)
        await walks.release(connection, walks.SNAPSHOTS)


async def test_everyone_is_compared_page_by_page_and_a_death_in_between_costs_nothing(
    hearer: Hearer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "_PAGE", 3)
    monkeypatch.setattr(audit, "compare", lambda theirs, mine: compare(theirs, mine, page=3))
    hearer.owner.has(*(snapshot(f"c{number}") for number in range(10)))
    await hearer.knows(**{f"c{number}": 1 for number in range(9)})
    await hearer.has_heard_all()
    first = hearer.auditor()
    await first.step()
    hearer.owner.asked.clear()
    second = hearer.auditor()
    second.has_begun = True  # what a worker that was running already does
    while await second.step():
        pass
    assert hearer.owner.asked == ["heads after c2", "heads after c5", "heads after c8"]
    assert await hearer.behind() == {"c9": (1, 1)}


async def test_it_is_done_once_each_day(hearer: Hearer) -> None:
    auditor = hearer.auditor()
    for _ in range(3):
        await auditor.step()
    assert hearer.owner.asked.count("heads after ") == 1
    hearer.clock.day = hearer.clock.day.replace(day=10)
    for _ in range(3):
        await auditor.step()
    assert hearer.owner.asked.count("heads after ") == 2


async def test_variables_are_read_at_its_beginning(hearer: Hearer) -> None:
    hearer.owner.declared = [variable("cupo")]
    await hearer.audits()
    assert hearer.declared == ["cupo"]


async def test_when_many_are_lost_everything_is_read(hearer: Hearer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_MANY", 3)
    await hearer.knows(a=5, b=5, c=5, d=5)
    await hearer.bootstrap.step()  # finished: there was nothing to read yet
    hearer.owner.has(*(snapshot(one, 2, epoch=2) for one in "abc"))
    await hearer.has_heard_all()
    await hearer.audits()
    assert await hearer.behind() == {"a": (2, 2), "b": (2, 2), "c": (2, 2), "d": (1, 5)}
    hearer.owner.asked.clear()
    await claims_run_out(hearer)
    await hearer.bootstrap.step()
    assert (hearer.owner.asked, await hearer.behind()) == (["all after "], {"d": (1, 5)})
    await hearer.mends()
    assert await hearer.known() == {"a": (2, 2), "b": (2, 2), "c": (2, 2)}


async def test_while_the_owner_is_away_it_waits(hearer: Hearer) -> None:
    hearer.owner.has(snapshot("ana", 3))
    hearer.owner.is_away = True
    auditor = hearer.auditor()
    assert not await auditor.step()
    hearer.owner.is_away = False
    await claims_run_out(hearer)
    await hearer.has_heard_all()
    await auditor.step()
    assert await hearer.behind() == {"ana": (1, 3)}


async def test_an_owner_that_went_back_without_saying_so_is_reported(
    hearer: Hearer, caplog: pytest.LogCaptureFixture
) -> None:
    hearer.owner.has(snapshot("ana", 3))
    await hearer.knows(ana=5)
    await hearer.has_heard_all()
    await hearer.audits()
    assert "sender_went_back" in caplog.text
    assert "after-restore" in caplog.text
    assert await hearer.behind() == {}
