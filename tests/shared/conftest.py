"""A database with the standing tables alone, and topics of a test's own on the real broker."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from shared.database import standing_tables
from shared.database.engine import Database, async_url
from tests.support.fixtures import NewDatabase

_CUSTOMERS = """
CREATE TABLE customers (
    customer_id text COLLATE "C" PRIMARY KEY, epoch bigint NOT NULL, seq bigint NOT NULL,
    erased boolean NOT NULL DEFAULT false)
"""


def create_standing_tables(connection: Connection, *known: str) -> None:
    connection.execute(text(_CUSTOMERS))
    for customer_id in known:
        connection.execute(text("INSERT INTO customers VALUES (:id, 1, 1)"), {"id": customer_id})
    with Operations.context(MigrationContext.configure(connection)):
        standing_tables.create_instance_v1()
        standing_tables.create_outbox_v1()
        standing_tables.create_hearing_v1()
        standing_tables.create_walks_v1()
        standing_tables.create_access_v1()
        standing_tables.add_events_left_v1()
        standing_tables.trace_outbox_v1()


@asynccontextmanager
async def a_hearer(url: str, *known: str) -> AsyncIterator[Database]:
    engine = create_async_engine(async_url(url))
    async with engine.begin() as connection:
        await connection.run_sync(create_standing_tables, *known)
    await engine.dispose()
    found = Database(url, name="test")
    yield found
    await found.close()


@pytest.fixture
async def database(new_database: NewDatabase) -> AsyncIterator[Database]:
    """A hearing service that knows nobody yet; of its facts it keeps positions alone."""
    async with a_hearer(await new_database()) as found:
        yield found


@pytest.fixture
async def knowing_database(new_database: NewDatabase) -> AsyncIterator[Database]:
    """One that knew a customer before it had walks."""
    async with a_hearer(await new_database(), "ana") as found:
        yield found


@pytest.fixture
async def topic(kafka_bootstrap: str) -> str:
    """A new topic with three partitions."""
    name = f"test-{secrets.token_hex(4)}"
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(name, num_partitions=3, replication_factor=1)])
    await admin.close()
    return name
