"""A database with the standing tables alone, and topics of a test's own on the real broker."""

import secrets
from collections.abc import AsyncIterator

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from shared.database import standing_tables
from shared.database.engine import Database, async_url
from tests.support.fixtures import NewDatabase


def create_standing_tables(connection: Connection) -> None:
    with Operations.context(MigrationContext.configure(connection)):
        standing_tables.create_instance_v1()
        standing_tables.create_outbox_v1()
        standing_tables.create_hearing_v1()
        standing_tables.create_access_v1()
        standing_tables.add_events_left_v1()


@pytest.fixture
async def database(new_database: NewDatabase) -> AsyncIterator[Database]:
    url = await new_database()
    engine = create_async_engine(async_url(url))
    async with engine.begin() as connection:
        await connection.run_sync(create_standing_tables)
    await engine.dispose()
    found = Database(url, name="test")
    yield found
    await found.close()


@pytest.fixture
async def topic(kafka_bootstrap: str) -> str:
    """A new topic with three partitions."""
    name = f"test-{secrets.token_hex(4)}"
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(name, num_partitions=3, replication_factor=1)])
    await admin.close()
    return name
