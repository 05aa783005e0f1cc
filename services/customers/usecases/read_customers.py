"""Read customers: one, or those that match."""

from dataclasses import dataclass

from services.customers.domain.customer import Customer
from services.customers.storage import customer_pages, customers
from services.customers.storage.customer_pages import Wanted
from shared.basics.errors import Missing
from shared.database.engine import Database


@dataclass(frozen=True)
class ReadCustomers:
    """Reads without locking."""

    database: Database

    async def one(self, customer_id: str) -> Customer:
        """A customer.

        Raises
        ------
        Missing
            Nobody has this id.
        """
        async with self.database.transaction() as connection:
            found = await customers.find_customer(connection, customer_id)
        if found is None:
            raise Missing("unknown_customer", f"there is no customer {customer_id}")
        return found[0]

    async def page(self, wanted: Wanted, after: str, limit: int) -> list[Customer]:
        """Customers that match, in order of id, at most ``limit`` after the id ``after``."""
        async with self.database.transaction() as connection:
            return await customer_pages.page_of_customers(connection, wanted, after, limit)
