"""A new service reads everything first, in batches, and goes on where it ended whatever happens in between."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace

import pytest

from shared.contracts.customers_snapshots import Snapshot, SnapshotVariable
from shared.database.engine import Database
from shared.messaging import bootstrap, walks
from shared.messaging.hearing import fall_behind
from shared.messaging.sequence import Position
from shared.runtime.loops import StopFlag, repeat, run_loops
from tests.shared.hearer import Hearer, Owner, snapshot, variable
from tests.shared.test_audit import claims_run_out
from tests.support.eventually import eventually

NAMES = [f"c{number}" for number in range(10)]


@pytest.fixture
def hearer(database: Database, monkeypatch: pytest.MonkeyPatch) -> Hearer:
    """Its owner has ten customers; it reads three at once, six a step."""
    monkeypatch.setattr(bootstrap, "_BATCH", 3)
    monkeypatch.setattr(bootstrap, "_BATCHES_A_STEP", 2)
    owner = Owner(declared=[variable("cupo"), variable("asesor")])
    owner.has(*map(snapshot, NAMES))
    return Hearer(database, owner)


async def reads_on(hearer: Hearer) -> None:
    while await hearer.bootstrap.step():
        pass


async def test_everything_is_read_variables_first(hearer: Hearer) -> None:
    await reads_on(hearer)
    assert sorted(await hearer.known()) == NAMES
    assert hearer.declared == ["cupo", "asesor"]
    assert not await hearer.bootstrap.step(), "once is enough"


async def test_broken_off_it_goes_on_after_the_last_whole_batch(hearer: Hearer) -> None:
    hearer.owner.breaks_after = 2
    assert not await hearer.bootstrap.step()
    assert sorted(await hearer.known()) == NAMES[:1], "the first three lines were two variables and a customer"
    await reads_on(hearer)
    assert (sorted(await hearer.known()), hearer.owner.asked[:2]) == (NAMES, ["all after ", "all after c0"])


async def test_killed_it_goes_on_when_its_claim_has_run_out(hearer: Hearer) -> None:
    async with hearer.database.transaction() as connection:
        await walks.claim(connection, walks.SNAPSHOTS)
        await walks.move(connection, walks.SNAPSHOTS, "", "c4", claimed=True)
    assert not await hearer.bootstrap.step(), "somebody seems to be at it"
    await claims_run_out(hearer)
    await reads_on(hearer)
    assert (hearer.owner.asked[0], sorted(await hearer.known())) == ("all after c4", NAMES[5:])


async def test_who_is_overtaken_lets_go_and_does_nothing_twice(hearer: Hearer) -> None:
    async def slow(after: str) -> AsyncGenerator[SnapshotVariable | Snapshot, None]:
        yield snapshot("c1")
        async with hearer.database.transaction() as connection:  # another worker was quicker
            await walks.move(connection, walks.SNAPSHOTS, "", "c8", claimed=False)

    assert not await replace(hearer.bootstrap, read=slow).step()
    assert await hearer.known() == {}


async def test_events_are_heard_only_after_everything_was_read(hearer: Hearer) -> None:
    stop, heard = StopFlag(), asyncio.Event()

    async def hear(flag: StopFlag) -> None:
        heard.set()

    hearer.owner.is_away = True
    reading = repeat("read", hearer.bootstrap.step, idle_seconds=0.01)
    running = asyncio.create_task(run_loops(stop, hearer.bootstrap.before(hear), reading))
    await eventually(lambda: hearer.owner.asked.count("all after ") > 2)
    assert not heard.is_set()
    hearer.owner.is_away = False
    await asyncio.wait_for(heard.wait(), 10)
    assert sorted(await hearer.known()) == NAMES
    await running


async def test_it_mends_who_is_behind_and_nobody_it_does_not_reach(hearer: Hearer) -> None:
    async with hearer.database.transaction() as connection:
        await fall_behind(connection, "c3", Position(1, 1), "gap")
        await fall_behind(connection, "c4", Position(1, 2), "gap")
    await reads_on(hearer)
    assert await hearer.behind() == {"c4": (1, 2)}


async def test_what_is_known_better_stays(hearer: Hearer) -> None:
    await hearer.knows(c1=7)
    await reads_on(hearer)
    assert (await hearer.known())["c1"] == (1, 7)
