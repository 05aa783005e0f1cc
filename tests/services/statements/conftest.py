"""The real service on a fresh database, a clock the test sets, and the real mail catcher as its gateway."""

from collections.abc import AsyncIterator

import pytest

from tests.services.statements.house import House, open_house


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
