"""The real service on a fresh database, a clock the test sets, and the real mail catcher as its gateway."""

from collections.abc import AsyncIterator

import pytest

from tests.services.statements.house import House, open_house


@pytest.fixture
async def house(statements_database: str) -> AsyncIterator[House]:
    """The morning of Tuesday 10 March 2026 in Bogotá."""
    async with open_house(statements_database) as opened:
        yield opened
