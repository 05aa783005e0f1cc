"""A walk over everyone goes on where the last one who moved it ended, one worker at a time."""

from datetime import date

import pytest
from sqlalchemy import text

from shared.database.engine import Database
from shared.messaging import walks

MONDAY, TUESDAY = date(2026, 3, 9), date(2026, 3, 10)


async def claim(database: Database, name: str = walks.AUDIT) -> str | None:
    async with database.transaction() as connection:
        return await walks.claim(connection, name)


async def move(database: Database, came_from: str, to: str | None, *, claimed: bool = False) -> None:
    async with database.transaction() as connection:
        await walks.move(connection, walks.AUDIT, came_from, to, claimed=claimed)


async def begin(database: Database) -> None:
    async with database.transaction() as connection:
        await walks.begin(connection, walks.AUDIT)


async def claims_run_out(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("UPDATE walks SET claimed_until = clock_timestamp()"))


async def test_nobody_walks_before_it_is_begun_and_one_at_a_time_then(database: Database) -> None:
    assert await claim(database) is None
    await begin(database)
    assert (await claim(database), await claim(database)) == ("", None)


async def test_who_dies_is_followed_by_another_where_it_ended(database: Database) -> None:
    await begin(database)
    await claim(database)
    await move(database, "", "m", claimed=True)
    assert await claim(database) is None
    await claims_run_out(database)
    assert await claim(database) == "m"


async def test_who_was_overtaken_moves_nothing(database: Database) -> None:
    await begin(database)
    await move(database, "", "m")
    with pytest.raises(walks.Overtaken):
        await move(database, "", "c")
    assert await claim(database) == "m"


async def test_at_the_end_it_was_finished_and_nothing_is_left(database: Database) -> None:
    await begin(database)
    async with database.transaction() as connection:
        assert not await walks.was_finished(connection, walks.AUDIT)
    await move(database, "", None)
    async with database.transaction() as connection:
        assert await walks.was_finished(connection, walks.AUDIT)
    assert await claim(database) is None


async def test_it_begins_once_each_day(database: Database) -> None:
    claimed = []
    for day in (MONDAY, MONDAY, TUESDAY):
        async with database.transaction() as connection:
            await walks.begin_of_day(connection, walks.AUDIT, day)
        claimed.append(await claim(database))
        if claimed[-1] is not None:
            await move(database, "", None)
    assert claimed == ["", None, ""]


async def test_a_service_that_knows_customers_need_not_read_everything_first(
    database: Database, knowing_database: Database
) -> None:
    found = []
    for one in (database, knowing_database):
        async with one.transaction() as connection:
            found.append(await walks.was_finished(connection, walks.SNAPSHOTS))
        found.append(await claim(one, walks.SNAPSHOTS) == "")
    assert found == [False, True, True, False]


async def test_how_long_ago_it_was_finished_is_known(database: Database) -> None:
    async with database.transaction() as connection:
        assert await walks.ages(connection) == {walks.AUDIT: None}
        await connection.execute(
            text("UPDATE walks SET finished_at = clock_timestamp() - interval '2 h' WHERE name = 'audit'")
        )
        [(name, seconds)] = (await walks.ages(connection)).items()
    assert name == walks.AUDIT
    assert seconds is not None
    assert 7200 <= seconds < 7300
