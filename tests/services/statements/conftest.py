"""The real service on a fresh database, a clock the test sets, and the real mail catcher as its gateway."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.services.statements.house import House, open_house
from tests.support.databases import Databases

BackedUp = Callable[[str], Awaitable[str]]
"""The URL of a copy of a database that nobody is connected to."""


@pytest.fixture
async def house(statements_database: str) -> AsyncIterator[House]:
    """The morning of Tuesday 10 March 2026 in Bogotá."""
    async with open_house(statements_database) as opened:
        yield opened


@pytest.fixture
async def forgetful(statements_database: str) -> AsyncIterator[House]:
    """A house whose gateway does not honour keys."""
    async with open_house(statements_database, mail_gateway_honours_keys=False) as opened:
        yield opened


@pytest.fixture
async def backed_up(_databases: Databases) -> AsyncIterator[BackedUp]:
    """``await backed_up(url)``; copies are dropped at the end of the test."""
    made: list[str] = []

    async def back_up(url: str) -> str:
        made.append(await _databases.copy(url))
        return made[-1]

    yield back_up
    for url in made:
        await _databases.drop(url)
