"""Read a customer's subscriptions, disputes or promises."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from services.customers.storage.fact_table import FactTable
from services.customers.usecases.finding import find_registered
from shared.basics.errors import Missing
from shared.database.engine import Database

Fact = TypeVar("Fact")


@dataclass(frozen=True)
class ReadNouns(Generic[Fact]):
    """Reads without locking. ``noun`` is what one is called."""

    database: Database
    table: FactTable[Fact]
    noun: str

    async def one(self, customer_id: str, fact_id: str) -> Fact:
        """One of them.

        Raises
        ------
        Missing
            There is no such customer, or it has no such fact.
        Gone
            The customer was erased.
        """
        async with self.database.transaction() as connection:
            await find_registered(connection, customer_id)
            found = await self.table.named(connection, [(customer_id, fact_id)])
        if not found:
            raise Missing(f"unknown_{self.noun}", f"customer {customer_id} has no {self.noun} {fact_id}")
        return found[0]

    async def page(self, customer_id: str, after: str, limit: int) -> list[Fact]:
        """In order of id, at most ``limit`` after the id ``after``.

        Raises
        ------
        Missing
            There is no such customer.
        Gone
            The customer was erased.
        """
        async with self.database.transaction() as connection:
            await find_registered(connection, customer_id)
            return await self.table.page(connection, customer_id, after, limit)
