"""Read payments of a customer, with what is left of each."""

from dataclasses import dataclass

from services.customers.domain.payment import KeptPayment
from services.customers.storage import payments
from services.customers.usecases.finding import find_registered
from shared.basics.errors import Missing
from shared.database.engine import Database


@dataclass(frozen=True)
class ReadPayments:
    """Reads without locking."""

    database: Database

    async def one(self, customer_id: str, payment_id: str) -> KeptPayment:
        """A payment and what is left of it.

        Raises
        ------
        Missing
            There is no such customer, or it has no such payment.
        Gone
            The customer was erased.
        """
        async with self.database.transaction() as connection:
            await find_registered(connection, customer_id)
            found = await payments.named_payments(connection, [(customer_id, payment_id)])
        if not found:
            raise Missing("unknown_payment", f"customer {customer_id} has no payment {payment_id}")
        return found[0]

    async def page(self, customer_id: str, after: str, limit: int) -> list[KeptPayment]:
        """Payments in order of id, at most ``limit`` after the id ``after``.

        Raises
        ------
        Missing
            There is no such customer.
        Gone
            The customer was erased.
        """
        async with self.database.transaction() as connection:
            await find_registered(connection, customer_id)
            return await payments.page_of_payments(connection, customer_id, after, limit)
