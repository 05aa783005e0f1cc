"""Read invoices of a customer, with how they stand."""

from dataclasses import dataclass

from services.customers.domain.invoice import KeptInvoice
from services.customers.storage import invoices
from services.customers.usecases.finding import find_registered
from shared.basics.errors import Missing
from shared.database.engine import Database


@dataclass(frozen=True)
class ReadInvoices:
    """Reads without locking."""

    database: Database

    async def one(self, customer_id: str, invoice_id: str) -> KeptInvoice:
        """An invoice and its balance.

        Raises
        ------
        Missing
            There is no such customer, or it has no such invoice.
        Gone
            The customer was erased.
        """
        async with self.database.transaction() as connection:
            await find_registered(connection, customer_id)
            found = await invoices.named_invoices(connection, [(customer_id, invoice_id)])
        if not found:
            raise Missing("unknown_invoice", f"customer {customer_id} has no invoice {invoice_id}")
        return found[0]

    async def page(self, customer_id: str, after: str, limit: int) -> list[KeptInvoice]:
        """Invoices in order of id, at most ``limit`` after the id ``after``.

        Raises
        ------
        Missing
            There is no such customer.
        Gone
            The customer was erased.
        """
        async with self.database.transaction() as connection:
            await find_registered(connection, customer_id)
            return await invoices.page_of_invoices(connection, customer_id, after, limit)
