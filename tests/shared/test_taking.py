"""Nothing that fails stops the flow, nothing is dropped in silence, and a run of failures does stop it."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from operator import itemgetter

import pytest
from sqlalchemy import text

from shared.basics.errors import Unavailable
from shared.database.engine import Database, Transaction
from shared.messaging.batch import Batch, Event, NotTaken, PartitionProgress, Unreadable
from shared.messaging.hearing import count_troubles, facts_through, keep_hearing
from shared.messaging.taking import RunOfFailures, Taking
from shared.runtime.loops import StopFlag
from tests.shared.events import WHEN, heard, registered
from tests.support.eventually import eventually

SEQUENCED = ("customers.v1",)


class Service:
    """A hearing service whose ``apply`` fails for some customers, or while its database is away."""

    def __init__(self, database: Database, *poison: str, away: int = 0) -> None:
        self.database = database
        self.poison = poison
        self.away = away
        self.applied: list[str] = []
        self.batches: list[Batch] = []

    async def apply(self, batch: Batch) -> None:
        self.batches.append(batch)
        if self.away:
            self.away -= 1
            raise Unavailable("database_unavailable", "away")
        async with self.database.transaction() as connection:
            keys = [event.envelope.key for event in batch.events]
            if set(keys) & set(self.poison):
                raise ValueError("cannot apply this")
            await keep_hearing(connection, batch, sequenced=SEQUENCED)
        self.applied += keys


class Together(Service):
    """A service whose shares of a batch wait until all of them are there."""

    def __init__(self, database: Database, *, shares: int) -> None:
        super().__init__(database)
        self.shares: list[Sequence[Event]] = []
        self.all_there = asyncio.Barrier(shares)

    async def apply(self, batch: Batch) -> None:
        if batch.events:
            self.shares.append(batch.events)
            await asyncio.wait_for(self.all_there.wait(), 5)
        await super().apply(batch)


async def behind(database: Database) -> list[tuple[str, int, int]]:
    async with database.transaction() as connection:
        rows = await connection.execute(text("SELECT customer_id, seen_epoch, seen_seq FROM behind ORDER BY 1"))
        return [tuple(row) for row in rows]


def batch(*keys: str) -> Batch:
    return Batch([heard(registered(key), offset=n) for n, key in enumerate(keys)])


async def test_a_failing_event_is_set_aside_and_the_others_applied(database: Database) -> None:
    service = Service(database, "bad")
    await Taking(database, service.apply, SEQUENCED).take(batch("a", "bad", "b"))
    assert service.applied == ["a", "b"]
    assert await behind(database) == [("bad", 1, 1)]
    async with database.transaction() as connection:
        assert await count_troubles(connection) == (1, 1)


async def test_the_reason_kept_quotes_nobody(database: Database) -> None:
    twice = text("INSERT INTO customers SELECT 'Ana Canary', 1, 1 FROM generate_series(1, :events)")

    async def apply(batch: Batch) -> None:
        async with database.transaction() as connection:
            await connection.execute(twice, {"events": 2 * len(batch.events)})

    await Taking(database, apply, SEQUENCED).take(batch("a"))
    async with database.transaction() as connection:
        reasons = await connection.execute(text("SELECT reason FROM behind UNION ALL SELECT reason FROM quarantine"))
        assert [row.reason for row in reasons] == ["IntegrityError: SQLSTATE 23505"] * 2


async def test_a_database_that_is_away_is_waited_for(database: Database) -> None:
    service = Service(database, away=3)
    await Taking(database, service.apply, SEQUENCED).take(batch("a", "b"))
    assert service.applied == ["a", "b"]
    assert await behind(database) == []


async def test_setting_aside_waits_for_the_database_too(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on, away = database.transaction, [True, True]

    def transaction() -> AbstractAsyncContextManager[Transaction]:
        if away:
            away.pop()
            raise Unavailable("database_unavailable", "away")
        return goes_on()

    async def apply(batch: Batch) -> None:
        if batch.events:
            raise ValueError("cannot apply this")

    monkeypatch.setattr(database, "transaction", transaction)
    await Taking(database, apply, SEQUENCED).take(batch("bad"))
    assert await behind(database) == [("bad", 1, 1)]


@pytest.mark.parametrize("of", [batch("a", "b"), Batch()])
async def test_told_to_stop_while_the_database_is_away_it_gives_the_batch_up(database: Database, of: Batch) -> None:
    stop, service = StopFlag(), Service(database, away=1_000_000)
    taking = asyncio.create_task(Taking(database, service.apply, SEQUENCED, stop=stop).take(of))
    await eventually(lambda: len(service.batches) > 1, within=10)
    stop.raise_it()
    with pytest.raises(NotTaken):
        await asyncio.wait_for(taking, 2)
    assert await behind(database) == []


def large_batch(*extra: str, progress: tuple[PartitionProgress, ...] = ()) -> Batch:
    """Enough events to be taken in shares: five of each of a hundred customers, and the extra ones."""
    events = [heard(registered(f"c{n:03}", seq)) for seq in range(1, 6) for n in range(100)]
    return Batch([*events, *(heard(registered(key), offset=n) for n, key in enumerate(extra))], (), progress)


async def test_a_large_batch_is_taken_in_shares_at_once(database: Database) -> None:
    service = Together(database, shares=2)
    await Taking(database, service.apply, SEQUENCED, shares=2).take(large_batch())
    assert [len(share) > 0 for share in service.shares] == [True, True]
    assert not {event.envelope.key for event in service.shares[0]} & {e.envelope.key for e in service.shares[1]}
    for share in service.shares:
        told = [(event.envelope.key, event.envelope.sequence) for event in share]
        assert sorted(told) == sorted(told, key=itemgetter(0)), "each customer's events are in order"


async def test_progress_is_noted_when_every_share_is_taken(database: Database) -> None:
    service = Service(database)
    through = (PartitionProgress("customers.v1", 0, 1, WHEN),)
    await Taking(database, service.apply, SEQUENCED, shares=2).take(large_batch(progress=through))
    assert len(service.applied) == 500
    assert [len(batch.events) for batch in service.batches if batch.progress] == [0]
    assert service.batches[-1].progress == through


async def test_without_shares_a_large_batch_is_one_transaction(database: Database) -> None:
    service = Service(database)
    await Taking(database, service.apply, SEQUENCED).take(large_batch())
    assert [len(batch.events) for batch in service.batches] == [500]


async def test_what_fails_in_one_share_is_set_aside_alone(database: Database) -> None:
    service = Service(database, "bad")
    await Taking(database, service.apply, SEQUENCED, shares=2).take(large_batch("bad"))
    assert len(service.applied) == 500
    assert await behind(database) == [("bad", 1, 1)]


async def test_a_run_of_failures_in_one_share_stops_the_flow_and_notes_no_progress(database: Database) -> None:
    through = (PartitionProgress("customers.v1", 0, 1, WHEN),)
    service = Service(database, *(f"bad{n}" for n in range(60)))
    taking = Taking(database, service.apply, SEQUENCED, shares=2)
    with pytest.raises(RunOfFailures):
        await taking.take(large_batch(*service.poison, progress=through))
    assert not any(batch.progress for batch in service.batches)


async def test_a_run_of_failures_stops_the_flow(database: Database) -> None:
    keys = [f"bad{n}" for n in range(25)]
    with pytest.raises(RunOfFailures):
        await Taking(database, Service(database, *keys).apply, SEQUENCED).take(batch(*keys))


async def test_a_key_about_everyone_has_nobody_behind(database: Database) -> None:
    service = Service(database, "~cupo")
    await Taking(database, service.apply, SEQUENCED).take(batch("~cupo"))
    async with database.transaction() as connection:
        assert await count_troubles(connection) == (0, 1)


async def test_an_unreadable_payload_sends_its_customer_to_repair(database: Database) -> None:
    event = heard(registered("c", 7))
    unread = Unreadable(event.record, event.envelope, "payload")
    await Taking(database, Service(database).apply, SEQUENCED).take(Batch((), [unread]))
    assert await behind(database) == [("c", 1, 7)]


async def test_behind_keeps_the_highest_position_and_epoch_wins(database: Database) -> None:
    for epoch, seq in [(1, 7), (2, 3), (1, 9)]:
        event = heard(registered("c", seq, epoch=epoch), offset=seq)
        unread = Unreadable(event.record, event.envelope, "payload")
        await Taking(database, Service(database).apply, SEQUENCED).take(Batch((), [unread]))
    assert await behind(database) == [("c", 2, 3)]


async def test_facts_are_through_only_when_every_partition_was_heard_and_never_less_again(database: Database) -> None:
    later = WHEN.replace(hour=20)
    for progress, through in [
        ([PartitionProgress("t", 0, 2, later)], None),
        ([PartitionProgress("t", 1, 2, WHEN)], WHEN),
        ([PartitionProgress("t", 1, 2, later)], later),
        ([PartitionProgress("t", 0, 2, WHEN)], later),
    ]:
        async with database.transaction() as connection:
            await keep_hearing(connection, Batch((), (), progress))
            assert await facts_through(connection, "t") == through
    async with database.transaction() as connection:
        assert await facts_through(connection, "t", "never-heard") is None
