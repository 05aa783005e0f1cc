"""Who waits for the schema: until it is the one this version needs; a newer version's serves as well."""

import argparse
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import Connection, text
from structlog.testing import capture_logs

from services.customers.wiring.commands import COMMANDS
from shared.database.engine import Database
from shared.database.migrate import has_schema, migrate, upgrade
from shared.runtime.command_line import read_command_line
from shared.runtime.commands import run_command
from tests.support.fixtures import NewDatabase
from tests.support.migrating import upgrade_to

BY_A_NEWER_VERSION = "UPDATE alembic_version SET version_num = '9999'"


def given(seconds: str) -> argparse.Namespace:
    return read_command_line("services.customers", (), lambda: COMMANDS, ["await-schema", "--seconds", seconds])


async def wait(url: str, seconds: str = "30") -> str:
    return await asyncio.to_thread(run_command, given(seconds), url)


@pytest.fixture
async def empty(new_database: NewDatabase) -> str:
    return await new_database()


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Database]:
    database = Database(url, name="test")
    yield database
    await database.close()


@pytest.fixture
async def looks(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set once somebody has looked and found no schema."""
    looked, loop = asyncio.Event(), asyncio.get_running_loop()

    def seen(connection: Connection, service: str) -> bool:
        found = has_schema(connection, service)
        if not found:
            loop.call_soon_threadsafe(looked.set)
        return found

    monkeypatch.setattr("shared.database.await_schema_command.has_schema", seen)
    return looked


async def test_a_process_waits_until_its_migration_is_through(empty: str, looks: asyncio.Event) -> None:
    waiting = asyncio.create_task(wait(empty))
    await asyncio.wait_for(looks.wait(), 30)
    await upgrade("customers", empty)
    assert await waiting == "the schema is there"


async def test_the_schema_of_the_version_before_is_not_enough(empty: str) -> None:
    async with connected(empty) as database, database.transaction() as connection:
        await connection.run_sync(upgrade_to, "customers", "0001")
    with pytest.raises(SystemExit, match="schema of customers did not come"):
        await wait(empty, "0")


async def test_a_database_that_is_away_is_waited_for_and_then_named() -> None:
    with pytest.raises(SystemExit, match="did not come"):
        await wait("postgresql://nobody@127.0.0.1:1/nothing", "0")


async def test_a_newer_versions_schema_serves_and_is_left_alone(customers_database: str) -> None:
    async with connected(customers_database) as database:
        async with database.transaction() as connection:
            await connection.execute(text(BY_A_NEWER_VERSION))
        assert await wait(customers_database, "0") == "the schema is there"
        await upgrade("customers", customers_database)
        async with database.transaction() as connection:
            assert (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one() == "9999"


def test_a_migration_whose_database_is_away_says_so_in_a_line() -> None:
    with capture_logs() as log, pytest.raises(SystemExit) as end:
        migrate("customers", "postgresql://nobody@127.0.0.1:9/gone")
    assert end.value.code == 1
    assert [(line["event"], line["log_level"]) for line in log] == [("migration_waits_for_its_database", "critical")]
