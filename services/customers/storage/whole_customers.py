"""Customers with all their facts out of the tables: one query a table, however many customers."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from services.customers.domain.customer import Customer
from services.customers.domain.whole_customer import WholeCustomer
from services.customers.storage import applications, credit_notes, invoices, payments, refunds
from services.customers.storage.disputes import DISPUTES
from services.customers.storage.promises import PROMISES
from services.customers.storage.subscriptions import SUBSCRIPTIONS
from shared.database.engine import Transaction

Fact = TypeVar("Fact")


async def whole_customers(connection: Transaction, found: Sequence[tuple[Customer, int]]) -> list[WholeCustomer]:
    """These customers (each with its seq) with all their facts, in their order."""
    ids = [customer.customer_id for customer, _ in found]
    issued = _by_owner(await invoices.all_invoices(connection, ids), lambda one: one.invoice.customer_id)
    paid = _by_owner(await payments.all_payments(connection, ids), lambda one: one.payment.customer_id)
    given_back = _by_owner(await refunds.all_refunds(connection, ids), lambda one: one.refund.customer_id)
    noted = _by_owner(await credit_notes.all_credit_notes(connection, ids), lambda one: one.note.customer_id)
    standing = _by_owner(await applications.standing_applications(connection, ids), lambda one: one[0])
    subscribed = _by_owner(await SUBSCRIPTIONS.all(connection, ids), lambda one: one.customer_id)
    disputed = _by_owner(await DISPUTES.all(connection, ids), lambda one: one.customer_id)
    promised = _by_owner(await PROMISES.all(connection, ids), lambda one: one.customer_id)
    return [
        WholeCustomer(
            customer=customer,
            seq=seq,
            invoices=issued[customer.customer_id],
            payments=paid[customer.customer_id],
            refunds=given_back[customer.customer_id],
            credit_notes=noted[customer.customer_id],
            applications=[one for _, one in standing[customer.customer_id]],
            subscriptions=subscribed[customer.customer_id],
            disputes=disputed[customer.customer_id],
            promises=promised[customer.customer_id],
        )
        for customer, seq in found
    ]


def _by_owner(facts: Iterable[Fact], owner: Callable[[Fact], str]) -> Mapping[str, list[Fact]]:
    """Facts of many customers, sorted by whose they are; who has none has an empty list."""
    sorted_out: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        sorted_out[owner(fact)].append(fact)
    return sorted_out
