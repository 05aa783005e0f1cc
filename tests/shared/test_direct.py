"""Direct transactions: the same promises as those through SQLAlchemy, and several writes as one statement."""

from decimal import Decimal

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import MultipleResultsFound, NoResultFound

from shared.basics.errors import Unavailable
from shared.database.engine import Database, retrying, unless_beaten
from shared.database.writing import Write, write
from tests.support.fixtures import NewDatabase

_TABLE = text("CREATE TABLE t (id int PRIMARY KEY, n numeric NOT NULL)")
_ENTER = text("INSERT INTO t VALUES (:id, :n)")
_COUNT = text("SELECT count(*) FROM t")
_OWN_PID = text("SELECT pg_backend_pid()")
_END = text("SELECT pg_terminate_backend(:pid)")


async def test_what_it_wrote_is_there_after_the_block(database: Database) -> None:
    async with database.direct_transaction() as connection:
        await connection.execute(_TABLE)
        await connection.execute(_ENTER, [{"id": 1, "n": Decimal("10.00")}, {"id": 2, "n": Decimal("-0.0001")}])
    async with database.transaction() as connection:
        found = await connection.execute(text("SELECT n FROM t ORDER BY id"))
        assert [str(row.n) for row in found] == ["10.00", "-0.0001"]


async def test_an_error_in_the_block_takes_everything_back(database: Database) -> None:
    async with database.direct_transaction() as connection:
        await connection.execute(_TABLE)
    with pytest.raises(asyncpg.UniqueViolationError):
        async with database.direct_transaction() as connection:
            await connection.execute(_ENTER, [{"id": 1, "n": Decimal(1)}, {"id": 1, "n": Decimal(2)}])
    async with database.direct_transaction() as connection:
        assert (await connection.execute(_COUNT)).scalar_one() == 0


async def test_rows_answer_by_name_and_number(database: Database) -> None:
    async with database.direct_transaction() as connection:
        [row] = await connection.execute(text("SELECT CAST(:n AS numeric) AS n, 'a' AS word"), {"n": Decimal("1.50")})
        assert (str(row.n), row.word, row[1]) == ("1.50", "a", "a")
        with pytest.raises(AttributeError):
            _ = row.other
        [again] = await connection.execute(text("SELECT 2 AS n"))
        assert again.n == 2
        with pytest.raises(KeyError):
            _ = again.word
        many, nothing = text("SELECT unnest(ARRAY[1, 2])"), text("SELECT 1 WHERE false")
        with pytest.raises(MultipleResultsFound):
            (await connection.execute(many)).scalar_one()
        with pytest.raises(NoResultFound):
            (await connection.execute(nothing)).scalar_one()
        assert (await connection.execute(nothing)).one_or_none() is None


async def test_a_lost_race_is_run_again(database: Database) -> None:
    async with database.direct_transaction() as connection:
        await connection.execute(_TABLE)
        await connection.execute(_ENTER, {"id": 1, "n": Decimal(1)})
    ids = iter([1, 2])

    async def enter_the_next() -> None:
        async with database.direct_transaction() as connection:
            await connection.execute(_ENTER, {"id": next(ids), "n": Decimal(1)})

    await retrying(enter_the_next)
    async with database.direct_transaction() as connection:
        assert (await connection.execute(_COUNT)).scalar_one() == 2


async def test_a_race_that_is_always_lost_ends(database: Database) -> None:
    tries = 0

    async def lose() -> None:
        nonlocal tries
        tries += 1
        raise asyncpg.UniqueViolationError("there already")

    with pytest.raises(asyncpg.UniqueViolationError):
        await retrying(lose)
    assert tries == 5


async def test_a_server_that_is_away_is_unavailable() -> None:
    database = Database("postgresql://u:p@127.0.0.1:1/x", name="test")
    with pytest.raises(Unavailable):
        async with database.direct_transaction():
            pass
    await database.close()


async def test_no_free_connection_is_unavailable(new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.database.direct.CONNECT_SECONDS", 2)
    narrow = Database(await new_database(), name="test", connections=1)
    async with narrow.direct_transaction():
        with pytest.raises(Unavailable):
            async with narrow.direct_transaction():
                pass
    await narrow.close()


async def test_a_connection_that_breaks_is_unavailable_and_replaced(database: Database) -> None:
    with pytest.raises(Unavailable):
        async with database.direct_transaction() as connection:
            own = (await connection.execute(_OWN_PID)).scalar_one()
            await connection.execute(_END, {"pid": own})
    async with database.direct_transaction() as connection:
        assert (await connection.execute(_OWN_PID)).scalar_one() != own


async def test_a_resting_connection_whose_server_went_is_replaced_unseen(database: Database) -> None:
    async with database.direct_transaction() as connection:
        resting = (await connection.execute(_OWN_PID)).scalar_one()
    async with database.transaction() as connection:
        await connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": resting})
    async with database.direct_transaction() as connection:
        assert (await connection.execute(_OWN_PID)).scalar_one() != resting


async def test_writes_go_together_in_one_statement(database: Database) -> None:
    one = Write(text("INSERT INTO t VALUES (:a, 1)"), {"a": 1})
    other = Write(text("INSERT INTO u SELECT :b, count(*) FROM t"), {"b": 2})
    for door in (database.transaction, database.direct_transaction):
        async with door() as connection:
            await connection.execute(text("CREATE TABLE t (id int, n int)"))
            await connection.execute(text("CREATE TABLE u (id int, seen int)"))
            await write(connection, [one, other])
            assert [row.seen for row in await connection.execute(text("SELECT seen FROM u"))] == [0]
            assert (await connection.execute(_COUNT)).scalar_one() == 1
            await connection.execute(text("DROP TABLE t"))
            await connection.execute(text("DROP TABLE u"))


async def test_writes_that_name_a_value_alike_are_refused(database: Database) -> None:
    alike = Write(text("SELECT :a"), {"a": 1})
    async with database.direct_transaction() as connection:
        with pytest.raises(ValueError, match="alike"):
            await write(connection, [alike, alike])


async def test_statements_alone_stay_when_a_later_one_fails(database: Database) -> None:
    with pytest.raises(asyncpg.UniqueViolationError):
        async with database.direct_statements() as connection:
            await connection.execute(_TABLE)
            await connection.execute(_ENTER, {"id": 1, "n": Decimal(1)})
            await connection.execute(_ENTER, {"id": 1, "n": Decimal(2)})
    async with database.direct_transaction() as connection:
        assert (await connection.execute(_COUNT)).scalar_one() == 1


async def test_whoever_was_beaten_is_told_so_and_other_failures_pass() -> None:
    async def fail_with(error: Exception) -> int:
        raise error

    assert await unless_beaten(lambda: fail_with(asyncpg.SerializationError("too late"))) is None
    with pytest.raises(asyncpg.CheckViolationError):
        await unless_beaten(lambda: fail_with(asyncpg.CheckViolationError("below zero")))
