"""Tell hearers everything about customers, one for repair or all for a start, and how far each one's events go."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from services.customers.domain.customer import Customer
from services.customers.outbound import wire
from services.customers.outbound.snapshot import snapshot
from services.customers.storage import customers, heads, variables
from services.customers.storage.whole_customers import whole_customers
from shared.basics.errors import Missing
from shared.contracts.customers_snapshots import Head, Snapshot, SnapshotVariable
from shared.database.engine import Database, Transaction
from shared.database.instance import load_epoch
from shared.database.one_moment import at_one_moment

PAGE = 200
"""Customers read at once: a handful of queries each, and memory that does not grow with their number."""


@dataclass(frozen=True)
class TellSnapshots:
    """Reads without locking."""

    database: Database

    async def one(self, customer_id: str) -> Snapshot:
        """Everything about a customer as of one moment.

        Raises
        ------
        Missing
            Nobody has this id.
        """
        async with self.database.transaction() as connection:
            await at_one_moment(connection)
            found = await customers.find_customer(connection, customer_id)
            if found is None:
                raise Missing("unknown_customer", f"there is no customer {customer_id}")
            return (await _snapshots(connection, [found]))[0]

    async def all(self, after: str) -> AsyncIterator[Sequence[SnapshotVariable | Snapshot]]:
        """Everyone after an id, in order, a page as of one moment each; before the first, every declared variable."""
        if not after:
            yield await asyncio.shield(self._variables())
        while True:
            # A reader that leaves must not cancel a query: that would lose its connection.
            page = await asyncio.shield(self._page(after))
            yield page
            if len(page) < PAGE:
                return
            after = page[-1].customer_id

    async def _variables(self) -> list[SnapshotVariable]:
        async with self.database.transaction() as connection:
            epoch = await load_epoch(connection)
            return [
                SnapshotVariable(variable=wire.variable(declared), epoch=epoch, sequence=sequence)
                for declared, sequence in await variables.all_variables(connection)
            ]

    async def _page(self, after: str) -> list[Snapshot]:
        async with self.database.transaction() as connection:
            await at_one_moment(connection)
            return await _snapshots(connection, await customers.customers_after(connection, after, PAGE))

    async def heads(self, after: str, limit: int) -> list[Head]:
        """(customer, epoch, seq) in order of id, at most ``limit`` after the id ``after``."""
        async with self.database.transaction() as connection:
            reached = await heads.page_of_heads(connection, after, limit)
            epoch = await load_epoch(connection)
        return [Head(customer_id=customer_id, epoch=epoch, seq=seq) for customer_id, seq in reached]


async def _snapshots(connection: Transaction, found: Sequence[tuple[Customer, int]]) -> list[Snapshot]:
    """The snapshots of these customers (each with its seq), in their order."""
    epoch = await load_epoch(connection)
    return [snapshot(whole, epoch) for whole in await whole_customers(connection, found)]
