"""A customer that is behind is mended from a snapshot that is far enough, and only then."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.basics.errors import Unavailable
from shared.contracts.customers_snapshots import Snapshot
from shared.contracts.customers_v1 import Customer
from shared.database.engine import Database
from shared.messaging.hearing import all_fall_behind, count_troubles, fall_behind
from shared.messaging.repair import Found, Repairer
from shared.messaging.sequence import Position


def snapshot(seq: int, epoch: int = 1) -> Snapshot:
    customer = Customer(customer_id="c", type="person", name="Ana", currency="COP", registered_on=date(2026, 1, 1))
    return Snapshot(customer_id="c", epoch=epoch, seq=seq, customer=customer)


class Sender:
    """The service that owns the facts, and what a hearer makes of its answers."""

    def __init__(self, *answers: Snapshot | Exception | None) -> None:
        self.answers = list(answers)
        self.replaced: list[int | None] = []

    async def fetch(self, customer_id: str) -> Snapshot | None:
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def replace(self, connection: AsyncConnection, found: Found) -> None:
        self.replaced += [snapshot.seq if snapshot else None for snapshot in found.values()]


async def seen(database: Database, seq: int, epoch: int = 1) -> None:
    async with database.transaction() as connection:
        await fall_behind(connection, "c", Position(epoch, seq), "gap")


async def due_now(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("UPDATE behind SET next_try_at = clock_timestamp()"))


async def still_behind(database: Database) -> int:
    async with database.transaction() as connection:
        return (await count_troubles(connection))[0]


async def test_a_snapshot_that_is_far_enough_mends(database: Database) -> None:
    await seen(database, 7)
    sender = Sender(snapshot(9))
    assert await Repairer(database, sender.fetch, sender.replace).step()
    assert (sender.replaced, await still_behind(database)) == ([9], 0)


async def test_a_snapshot_that_is_too_old_does_not(database: Database) -> None:
    await seen(database, 7)
    sender = Sender(snapshot(6))
    await Repairer(database, sender.fetch, sender.replace).step()
    assert await still_behind(database) == 1


async def test_a_higher_epoch_wins_over_any_sequence(database: Database) -> None:
    await seen(database, 7, epoch=1)
    sender = Sender(snapshot(2, epoch=2))
    await Repairer(database, sender.fetch, sender.replace).step()
    assert await still_behind(database) == 0


async def test_what_fell_behind_further_while_it_was_mended_stays(database: Database) -> None:
    await seen(database, 7)

    async def fetch(customer_id: str) -> Snapshot | None:
        await seen(database, 12)
        return snapshot(8)

    await Repairer(database, fetch, Sender().replace).step()
    assert await still_behind(database) == 1


async def test_a_customer_the_sender_does_not_know_is_removed(database: Database) -> None:
    await seen(database, 7)
    sender = Sender(None)
    await Repairer(database, sender.fetch, sender.replace).step()
    assert (sender.replaced, await still_behind(database)) == ([None], 0)


@pytest.mark.parametrize("heard", ["applied", "set aside"])
async def test_a_customer_heard_of_since_the_sender_did_not_know_it_stays(database: Database, heard: str) -> None:
    await seen(database, 1)
    registered = text("INSERT INTO customers VALUES ('c', 2, 1)")

    async def fetch(customer_id: str) -> Snapshot | None:
        if heard == "applied":
            async with database.transaction() as connection:
                await connection.execute(registered)
        else:
            await seen(database, 1, epoch=2)
        return None

    sender = Sender()
    await Repairer(database, fetch, sender.replace).step()
    assert (sender.replaced, await still_behind(database)) == ([], 1)


async def test_a_customer_heard_of_while_it_is_removed_stays(database: Database) -> None:
    await seen(database, 1)
    tried: list[str] = []

    async def replace(connection: AsyncConnection, found: Found) -> None:
        tried.extend(found)
        await seen(database, 1, epoch=2)

    await Repairer(database, Sender(None).fetch, replace).step()
    assert (tried, await still_behind(database)) == (["c"], 1)


async def test_while_the_sender_is_away_it_is_tried_again_later(database: Database) -> None:
    await seen(database, 7)
    sender = Sender(Unavailable("service_unavailable", "away"), snapshot(7))
    repairer = Repairer(database, sender.fetch, sender.replace)
    assert await repairer.step()
    assert not await repairer.step(), "not due again yet"
    await due_now(database)
    await repairer.step()
    assert await still_behind(database) == 0


async def test_a_few_are_claimed_at_a_time(database: Database) -> None:
    """Also while the planner takes the table for empty, and would join it with a choice made anew for each row."""
    many = {f"c-{number:04}": Position(1, 1) for number in range(2000)}
    async with database.transaction() as connection:
        await all_fall_behind(connection, many, "audit: the sender is further")
        await connection.execute(text("DELETE FROM behind"))
        await connection.execute(text("ANALYZE behind"))
        await all_fall_behind(connection, many, "audit: the sender is further")
    asked: list[str] = []

    async def fetch(customer_id: str) -> Snapshot | None:
        asked.append(customer_id)
        return None

    await Repairer(database, fetch, Sender().replace).step()
    assert len(asked) == 20
