"""Transactions: a lost race is run again as a whole; a server that is away is an error of a kind."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal

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


@asynccontextmanager
async def a_server_that_lets_nobody_in(state: str) -> AsyncIterator[str]:
    """PostgreSQL while it starts, or when it is full, as its protocol has it: no TLS, then FATAL; its URL."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (await reader.readexactly(8)).endswith(b"\x04\xd2\x16\x2f"):  # asks for TLS
            writer.write(b"N")
            await reader.read(1000)
        fields = b"SFATAL\0VFATAL\0C" + state.encode() + b"\0Mnot now\0\0"
        writer.write(b"E" + (len(fields) + 4).to_bytes(4, "big") + fields)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with server:
        yield f"postgresql://nobody@127.0.0.1:{server.sockets[0].getsockname()[1]}/cascada"


@pytest.mark.parametrize("state", ["57P03", "53300"])
async def test_a_server_that_starts_or_is_full_is_unavailable(state: str) -> None:
    async with a_server_that_lets_nobody_in(state) as url:
        database = Database(url, name="test")
        try:
            assert not await database.is_ready()
            with pytest.raises(Unavailable):
                async with database.transaction():
                    pass
            with pytest.raises(Unavailable):
                async with database.direct_transaction():
                    pass
        finally:
            await database.close()


async def test_a_connection_that_breaks_is_unavailable(database: Database) -> None:
    with pytest.raises(Unavailable):
        async with database.transaction() as connection:
            await connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    assert await database.is_ready()


async def test_a_resting_connection_whose_server_went_is_replaced_unseen(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.database.engine._RESTED_SECONDS", 0.0)
    async with database.transaction() as first, database.transaction() as second:
        pids = [(await c.execute(text("SELECT pg_backend_pid()"))).scalar_one() for c in (first, second)]
    async with database.transaction() as connection:
        own = (await connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
        [other] = {*pids} - {own}
        await connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": other})
        async with database.transaction() as fresh:
            assert (await fresh.execute(text("SELECT pg_backend_pid()"))).scalar_one() not in pids


async def test_numbers_come_back_as_they_went(database: Database) -> None:
    given = [Decimal(text) for text in ("0", "-0.0001", "10.00", "1E+3", "99999999999999999999.9999")]
    async with database.transaction() as connection:
        found = (await connection.execute(text("SELECT unnest(CAST(:n AS numeric[]))"), {"n": given})).scalars().all()
    assert found == given
    assert str(found[2]) == "10.00"
