"""A migrated database of the segmenter, a clock that tests set, and the segmenter hearing what tests tell."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from shared.database.engine import Database
from tests.services.segmenter.house import House, open_house
from tests.services.segmenter.listener import Listener, SetClock
from tests.support.databases import Databases


@pytest.fixture
async def database(segmenter_database: str) -> AsyncIterator[Database]:
    found = Database(segmenter_database, name="test")
    yield found
    await found.close()


@pytest.fixture(scope="module")
async def module_database(_databases: Databases) -> AsyncIterator[Database]:
    """A database that the tests of a module share, because they only read what its first fixture told."""
    url = await _databases.create("segmenter")
    found = Database(url, name="test")
    yield found
    await found.close()
    await _databases.drop(url)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(date(2026, 3, 9))


@pytest.fixture
def segmenter(database: Database, clock: SetClock) -> Listener:
    return Listener(database, clock)


@pytest.fixture
async def house(database: Database, clock: SetClock) -> AsyncIterator[House]:
    """The API with nobody in the cascade yet; two currencies, COP first."""
    async with open_house(database, clock) as opened:
        yield opened
