"""Read a customer's profile: who it is, what it owes, how it pays, what it subscribed to, contests and promised."""

from dataclasses import dataclass

from services.customers.domain.customer import Customer
from services.customers.domain.dispute import Dispute
from services.customers.domain.invoice import KeptInvoice
from services.customers.domain.payment import KeptPayment
from services.customers.domain.position import Position, positions
from services.customers.domain.promise import Promise
from services.customers.domain.subscription import Subscription
from services.customers.storage import invoices, payments
from services.customers.storage.disputes import DISPUTES
from services.customers.storage.promises import PROMISES
from services.customers.storage.subscriptions import SUBSCRIPTIONS
from services.customers.storage.waiting_credits import waiting_credits
from services.customers.usecases.finding import find_registered
from shared.database.engine import Database
from shared.database.one_moment import at_one_moment
from shared.runtime.clock import Clock

_RECENT = 20
_MOST = 100


@dataclass(frozen=True)
class Profile:
    """Everything the profile shows, as of one moment; open invoices the oldest due first, the rest latest first."""

    customer: Customer
    positions: tuple[Position, ...]
    open_invoices: list[KeptInvoice]
    recent_invoices: list[KeptInvoice]
    recent_payments: list[KeptPayment]
    subscriptions: list[Subscription]
    disputes: list[Dispute]
    promises: list[Promise]


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
        Gone
            The customer was erased.
        """
        today = self.clock.today()
        async with self.database.transaction() as connection:
            await at_one_moment(connection)
            customer = await find_registered(connection, customer_id)
            owed = await invoices.open_invoices(connection, customer_id)
            waiting = await waiting_credits(connection, [customer_id])
            return Profile(
                customer,
                positions(customer.currency, [one.debt for one in owed], [credit for _, credit in waiting], today),
                owed,
                await invoices.recent_invoices(connection, customer_id, _RECENT),
                await payments.recent_payments(connection, customer_id, _RECENT),
                await SUBSCRIPTIONS.latest(connection, customer_id, _MOST),
                await DISPUTES.latest(connection, customer_id, _MOST),
                await PROMISES.latest(connection, customer_id, _MOST),
            )
