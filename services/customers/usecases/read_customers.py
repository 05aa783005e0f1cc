"""Read customers: one, or those that match."""

from dataclasses import dataclass

from services.customers.domain.customer import Customer
from services.customers.storage import customer_pages
from services.customers.storage.customer_pages import Wanted
from services.customers.usecases.finding import find_registered
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
        Gone
            The customer was erased.
        """
        async with self.database.direct_transaction() as connection:
            return await find_registered(connection, customer_id)

    async def page(self, wanted: Wanted, after: str, limit: int) -> list[Customer]:
        """Customers that match, in order of id, at most ``limit`` after the id ``after``."""
        async with self.database.transaction() as connection:
            return await customer_pages.page_of_customers(connection, wanted, after, limit)
