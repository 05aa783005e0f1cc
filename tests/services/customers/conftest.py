"""The real app of customers on a fresh database, with a clock the test sets; events are read from the outbox."""

from collections.abc import AsyncIterator

import pytest

from tests.services.customers.house import House, open_house


@pytest.fixture
async def house(customers_database: str) -> AsyncIterator[House]:
    """Two currencies (COP first), the morning of 10 March 2026 in Bogotá."""
    async with open_house(customers_database) as opened:
        yield opened
