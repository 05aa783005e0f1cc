"""A restored database says so by an epoch that nobody has seen, however old the backup was."""

import time

from sqlalchemy import text

from shared.database.engine import Database
from shared.database.instance import raise_epoch


async def test_a_raised_epoch_is_higher_than_any_before_even_after_a_second_restore(database: Database) -> None:
    first = await raise_epoch(database)
    assert first > 1
    async with database.transaction() as connection:  # a backup from before the first restore comes back
        await connection.execute(text("UPDATE instance SET epoch = 1"))
    assert await raise_epoch(database) >= first >= int(time.time()) - 60


async def test_raised_twice_in_a_second_it_still_rises(database: Database) -> None:
    raised = [await raise_epoch(database) for _ in range(3)]
    assert raised == sorted(set(raised))
