"""The fixtures that every test may ask for."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest

from tests.support.databases import Databases
from tests.support.servers import running_kafka, running_postgres

NewDatabase = Callable[..., Awaitable[str]]


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server, one for the session: the URL of its maintenance database."""
    with running_postgres(tmp_path_factory.mktemp("postgres-server")) as url:
        yield url


@pytest.fixture(scope="session")
def kafka_bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Kafka broker with Cascada's topics, one for the session: its ``host:port``."""
    with running_kafka(tmp_path_factory.mktemp("kafka-server")) as bootstrap_servers:
        yield bootstrap_servers


@pytest.fixture(scope="session")
async def _databases(postgres_url: str) -> AsyncIterator[Databases]:
    databases = Databases(postgres_url)
    yield databases
    await databases.drop_templates()


@pytest.fixture
async def new_database(_databases: Databases) -> AsyncIterator[NewDatabase]:
    """``await new_database("customers")``: the URL of a fresh migrated database; without a service, an empty one.

    It is dropped at the end of the test.
    """
    created: list[str] = []

    async def new(service: str | None = None) -> str:
        created.append(await _databases.create(service))
        return created[-1]

    yield new
    for url in created:
        await _databases.drop(url)


@pytest.fixture
async def customers_database(new_database: NewDatabase) -> str:
    """The URL of a fresh, migrated database of customers."""
    return await new_database("customers")


@pytest.fixture
async def segmenter_database(new_database: NewDatabase) -> str:
    """The URL of a fresh, migrated database of the segmenter."""
    return await new_database("segmenter")


@pytest.fixture
async def statements_database(new_database: NewDatabase) -> str:
    """The URL of a fresh, migrated database of statements."""
    return await new_database("statements")
