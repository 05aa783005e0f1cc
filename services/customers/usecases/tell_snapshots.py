"""Tell a hearer that fell behind everything about a customer, and an auditor how far each customer's events go."""

from dataclasses import dataclass

from services.customers.outbound import nouns, snapshot, wire
from services.customers.storage import applications, credit_notes, customers, heads, invoices, payments, refunds
from services.customers.storage.disputes import DISPUTES
from services.customers.storage.instance import epoch
from services.customers.storage.promises import PROMISES
from services.customers.storage.subscriptions import SUBSCRIPTIONS
from shared.basics.errors import Missing
from shared.contracts.customers_v1 import Head, Snapshot
from shared.database.engine import Database, Transaction


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
            await heads.see_one_moment(connection)
            return await _snapshot(connection, customer_id)

    async def heads(self, after: str, limit: int) -> list[Head]:
        """(customer, epoch, seq) in order of id, at most ``limit`` after the id ``after``."""
        async with self.database.transaction() as connection:
            reached = await heads.page_of_heads(connection, after, limit)
            of = await epoch(connection)
        return [Head(customer_id=customer_id, epoch=of, seq=seq) for customer_id, seq in reached]


async def _snapshot(connection: Transaction, customer_id: str) -> Snapshot:
    found = await customers.find_customer(connection, customer_id)
    if found is None:
        raise Missing("unknown_customer", f"there is no customer {customer_id}")
    customer, seq = found
    issued = await invoices.all_invoices(connection, customer_id)
    paid = await payments.all_payments(connection, customer_id)
    given_back = await refunds.all_refunds(connection, customer_id)
    noted = await credit_notes.all_credit_notes(connection, customer_id)
    standing = await applications.standing_applications(connection, customer_id)
    return Snapshot(
        customer_id=customer_id,
        epoch=await epoch(connection),
        seq=seq,
        customer=wire.customer(customer),
        erased=customer.erased_on is not None,
        invoices=[snapshot.invoice(one) for one in issued],
        payments=[snapshot.payment(one) for one in paid],
        refunds=[snapshot.refund(one) for one in given_back],
        credit_notes=[snapshot.credit_note(one) for one in noted],
        applications=wire.applications(standing),
        balances=wire.balances(one.debt for one in issued),
        subscriptions=[nouns.subscription(one) for one in await SUBSCRIPTIONS.all(connection, customer_id)],
        disputes=[nouns.dispute(one) for one in await DISPUTES.all(connection, customer_id)],
        promises=[nouns.promise(one) for one in await PROMISES.all(connection, customer_id)],
    )
