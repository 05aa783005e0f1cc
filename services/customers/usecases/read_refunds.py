"""Read refunds of a payment."""

from dataclasses import dataclass

from services.customers.domain.refund import Refund
from services.customers.storage import payments, refunds
from services.customers.usecases.finding import find_registered
from shared.basics.errors import Missing
from shared.database.engine import Database


@dataclass(frozen=True)
class ReadRefunds:
    """Reads without locking."""

    database: Database

    async def one(self, customer_id: str, payment_id: str, refund_id: str) -> Refund:
        """A refund.

        Raises
        ------
        Missing
            There is no such customer, or the payment has no such refund.
        Gone
            The customer was erased.
        """
        async with self.database.transaction() as connection:
            await find_registered(connection, customer_id)
            found = await refunds.named_refunds(connection, [(customer_id, payment_id, refund_id)])
        if not found:
            raise Missing("unknown_refund", f"payment {payment_id} of customer {customer_id} has no refund {refund_id}")
        return found[0]

    async def page(self, customer_id: str, payment_id: str, after: str, limit: int) -> list[Refund]:
        """Refunds in order of id, at most ``limit`` after the id ``after``.

        Raises
        ------
        Missing
            There is no such customer, or it has no such payment.
        Gone
            The customer was erased.
        """
        async with self.database.transaction() as connection:
            await find_registered(connection, customer_id)
            if not await payments.named_payments(connection, [(customer_id, payment_id)]):
                raise Missing("unknown_payment", f"customer {customer_id} has no payment {payment_id}")
            return await refunds.page_of_refunds(connection, customer_id, payment_id, after, limit)
