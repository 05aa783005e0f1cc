"""The fixtures that every test may ask for."""

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import ExitStack

import pytest

from tests.support.databases import Databases
from tests.support.servers import running_kafka, running_postgres
from tests.support.stack import Stack, last_log_lines, running_stack

NewDatabase = Callable[..., Awaitable[str]]
StartStack = Callable[..., Stack]


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


@pytest.fixture(scope="module")
def start_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartStack]:
    """``start_stack(clock="2026-03-02T08:00:00-05:00", SEGMENTER_WORKERS="2")``: a whole stack for this module.

    It has a folder, ports and servers of its own; it is stopped after the module's last test.
    """
    with ExitStack() as stacks:

        def start(*, clock: str | None = None, **environment: str) -> Stack:
            folder = tmp_path_factory.mktemp("stack")
            return stacks.enter_context(running_stack(folder, clock=clock, environment=environment))

        yield start


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test shows what the processes of its stack said last."""
    report = yield
    if report.failed:
        report.sections.extend(last_log_lines())
    return report
