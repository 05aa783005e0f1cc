"""Read a customer's facts of one kind: invoices, payments, credit notes, subscriptions, disputes or promises."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Generic, TypeVar

from services.customers.usecases.finding import find_registered
from shared.basics.errors import Missing
from shared.database.engine import Database, Transaction

Fact = TypeVar("Fact")


@dataclass(frozen=True)
class ReadFacts(Generic[Fact]):
    """Reads without locking. ``noun`` is what one is called, ``named`` and ``page_of`` read their table."""

    database: Database
    noun: str
    named: Callable[[Transaction, Collection[tuple[str, str]]], Awaitable[list[Fact]]]
    page_of: Callable[[Transaction, str, str, int], Awaitable[list[Fact]]]

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
            found = await self.named(connection, [(customer_id, fact_id)])
        if not found:
            detail = f"customer {customer_id} has no {self.noun} {fact_id}"
            raise Missing(f"unknown_{self.noun.replace(' ', '_')}", detail)
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
            return await self.page_of(connection, customer_id, after, limit)
