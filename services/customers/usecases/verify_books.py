"""Verify that the books kept are what the facts say: read, replay, compare. Nothing is changed."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from services.customers.domain.customer import Customer
from services.customers.domain.proving import unproven
from services.customers.storage import customers
from services.customers.storage.whole_customers import whole_customers
from shared.basics.difference import Difference
from shared.database.engine import Database, Transaction
from shared.database.one_moment import at_one_moment

_BATCH = 200


@dataclass(frozen=True)
class VerifyBooks:
    """Reads without locking, a batch of customers as of one moment."""

    database: Database

    async def sample(self, number: int) -> AsyncIterator[tuple[int, list[Difference]]]:
        """So many customers picked at random, batch by batch: how many were read, and what differs."""
        async with self.database.transaction() as connection:
            picked = sorted(await customers.some_customers(connection, number))
        for start in range(0, len(picked), _BATCH):
            async with self.database.transaction() as connection:
                await at_one_moment(connection)
                found = await customers.named_customers(connection, picked[start : start + _BATCH])
                wrong = await _unproven(connection, found)
            yield len(found), wrong

    async def everyone(self) -> AsyncIterator[tuple[int, list[Difference]]]:
        """The same for all customers, in order of id."""
        after: str | None = ""
        while after is not None:
            async with self.database.transaction() as connection:
                await at_one_moment(connection)
                found = await customers.customers_after(connection, after, _BATCH)
                wrong = await _unproven(connection, found)
            yield len(found), wrong
            after = found[-1][0].customer_id if len(found) == _BATCH else None


async def _unproven(connection: Transaction, found: Sequence[tuple[Customer, int]]) -> list[Difference]:
    return [one for whole in await whole_customers(connection, found) for one in unproven(whole)]
