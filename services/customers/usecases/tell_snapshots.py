"""Tell hearers everything about customers, one for repair or all for a start, and how far each one's events go."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from services.customers.domain.customer import Customer
from services.customers.outbound import nouns, snapshot, wire
from services.customers.storage import (
    applications,
    credit_notes,
    customers,
    heads,
    invoices,
    payments,
    refunds,
    variables,
)
from services.customers.storage.disputes import DISPUTES
from services.customers.storage.instance import epoch
from services.customers.storage.promises import PROMISES
from services.customers.storage.subscriptions import SUBSCRIPTIONS
from shared.basics.errors import Missing
from shared.contracts.customers_v1 import Head, Snapshot, SnapshotVariable
from shared.database.engine import Database, Transaction

Fact = TypeVar("Fact")

PAGE = 200
"""Customers read at once: a handful of queries each, and memory that does not grow with their number."""


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
            found = await customers.find_customer(connection, customer_id)
            if found is None:
                raise Missing("unknown_customer", f"there is no customer {customer_id}")
            return (await _snapshots(connection, [found]))[0]

    async def all(self, after: str) -> AsyncIterator[Sequence[SnapshotVariable | Snapshot]]:
        """Everyone after an id, in order, a page as of one moment each; before the first, every declared variable."""
        if not after:
            yield await asyncio.shield(self._variables())
        while True:
            # A reader that leaves must not cancel a query: that would lose its connection.
            page = await asyncio.shield(self._page(after))
            yield page
            if len(page) < PAGE:
                return
            after = page[-1].customer_id

    async def _variables(self) -> list[SnapshotVariable]:
        async with self.database.transaction() as connection:
            of = await epoch(connection)
            return [
                SnapshotVariable(variable=wire.variable(declared), epoch=of, sequence=sequence)
                for declared, sequence in await variables.all_variables(connection)
            ]

    async def _page(self, after: str) -> list[Snapshot]:
        async with self.database.transaction() as connection:
            await heads.see_one_moment(connection)
            return await _snapshots(connection, await customers.customers_after(connection, after, PAGE))

    async def heads(self, after: str, limit: int) -> list[Head]:
        """(customer, epoch, seq) in order of id, at most ``limit`` after the id ``after``."""
        async with self.database.transaction() as connection:
            reached = await heads.page_of_heads(connection, after, limit)
            of = await epoch(connection)
        return [Head(customer_id=customer_id, epoch=of, seq=seq) for customer_id, seq in reached]


async def _snapshots(connection: Transaction, found: Sequence[tuple[Customer, int]]) -> list[Snapshot]:
    """The snapshots of these customers (each with its seq), in their order."""
    ids = [customer.customer_id for customer, _ in found]
    issued = _by_customer(await invoices.all_invoices(connection, ids), lambda one: one.invoice.customer_id)
    paid = _by_customer(await payments.all_payments(connection, ids), lambda one: one.payment.customer_id)
    given_back = _by_customer(await refunds.all_refunds(connection, ids), lambda one: one.refund.customer_id)
    noted = _by_customer(await credit_notes.all_credit_notes(connection, ids), lambda one: one.note.customer_id)
    standing = _by_customer(await applications.standing_applications(connection, ids), lambda one: one[0])
    subscribed = _by_customer(await SUBSCRIPTIONS.all(connection, ids), lambda one: one.customer_id)
    disputed = _by_customer(await DISPUTES.all(connection, ids), lambda one: one.customer_id)
    promised = _by_customer(await PROMISES.all(connection, ids), lambda one: one.customer_id)
    of = await epoch(connection)
    return [
        Snapshot(
            customer_id=customer.customer_id,
            epoch=of,
            seq=seq,
            customer=wire.customer(customer),
            erased=customer.erased_on is not None,
            invoices=[snapshot.invoice(one) for one in issued[customer.customer_id]],
            payments=[snapshot.payment(one) for one in paid[customer.customer_id]],
            refunds=[snapshot.refund(one) for one in given_back[customer.customer_id]],
            credit_notes=[snapshot.credit_note(one) for one in noted[customer.customer_id]],
            applications=wire.applications(one for _, one in standing[customer.customer_id]),
            balances=wire.balances(one.debt for one in issued[customer.customer_id]),
            subscriptions=[nouns.subscription(one) for one in subscribed[customer.customer_id]],
            disputes=[nouns.dispute(one) for one in disputed[customer.customer_id]],
            promises=[nouns.promise(one) for one in promised[customer.customer_id]],
        )
        for customer, seq in found
    ]


def _by_customer(facts: Iterable[Fact], owner: Callable[[Fact], str]) -> defaultdict[str, list[Fact]]:
    """Facts of many customers, sorted by whose they are."""
    sorted_out: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        sorted_out[owner(fact)].append(fact)
    return sorted_out
