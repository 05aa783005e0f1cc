"""Transactions: a lost race is run again as a whole; a server that is away is an error of a kind."""

import asyncio

import pytest
from sqlalchemy import text

from shared.basics.errors import Unavailable
from shared.database.engine import Database, retrying


async def test_both_of_a_deadlock_end_well(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(text("CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL)"))
        await connection.execute(text("INSERT INTO t VALUES (1, 0), (2, 0)"))
    met = asyncio.Barrier(2)
    tries = 0

    async def crosswise(first: int, second: int) -> None:
        nonlocal tries
        tries += 1
        async with database.transaction() as connection:
            await connection.execute(text("UPDATE t SET n = n + 1 WHERE id = :id"), {"id": first})
            if tries <= 2:
                await met.wait()
            await connection.execute(text("UPDATE t SET n = n + 1 WHERE id = :id"), {"id": second})

    await asyncio.gather(retrying(lambda: crosswise(1, 2)), retrying(lambda: crosswise(2, 1)))
    async with database.transaction() as connection:
        found = (await connection.execute(text("SELECT n FROM t"))).scalars().all()
    assert (found, tries) == ([2, 2], 3)


async def test_a_server_that_is_away_is_unavailable() -> None:
    database = Database("postgresql://u:p@127.0.0.1:1/x", name="test")
    with pytest.raises(Unavailable):
        async with database.transaction():
            pass
    assert not await database.is_ready()
    await database.close()


async def test_a_connection_that_breaks_is_unavailable(database: Database) -> None:
    with pytest.raises(Unavailable):
        async with database.transaction() as connection:
            await connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert await database.is_ready()
