"""Read a customer's profile: who it is, what it owes per currency, and its latest invoices and charges."""

from dataclasses import dataclass

from services.customers.domain.customer import Customer
from services.customers.domain.invoice import KeptInvoice
from services.customers.domain.payment import KeptPayment
from services.customers.domain.position import Position, positions
from services.customers.storage import customers, invoices, payments
from services.customers.storage.heads import see_one_moment
from shared.basics.errors import Missing
from shared.database.engine import Database
from shared.runtime.clock import Clock

_RECENT = 20


@dataclass(frozen=True)
class Profile:
    """Everything the profile shows, as of one moment; open invoices the oldest due first, the rest latest first."""

    customer: Customer
    positions: tuple[Position, ...]
    open_invoices: list[KeptInvoice]
    recent_invoices: list[KeptInvoice]
    recent_payments: list[KeptPayment]


@dataclass(frozen=True)
class ReadProfile:
    """Reads without locking."""

    database: Database
    clock: Clock

    async def __call__(self, customer_id: str) -> Profile:
        """The profile of a customer.

        Raises
        ------
        Missing
            Nobody has this id.
        """
        today = self.clock.today()
        async with self.database.transaction() as connection:
            await see_one_moment(connection)
            found = await customers.find_customer(connection, customer_id)
            if found is None:
                raise Missing("unknown_customer", f"there is no customer {customer_id}")
            customer, _ = found
            owed = await invoices.open_invoices(connection, customer_id)
            waiting = await payments.waiting_credits(connection, [customer_id])
            return Profile(
                customer,
                positions(customer.currency, [one.debt for one in owed], [credit for _, credit in waiting], today),
                owed,
                await invoices.recent_invoices(connection, customer_id, _RECENT),
                await payments.recent_payments(connection, customer_id, _RECENT),
            )
