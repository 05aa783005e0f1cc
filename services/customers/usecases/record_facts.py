"""Record facts: the one way in for customers, invoices and payments, a single write being a group of one.

In one transaction: the accounts are locked and loaded, each write is decided on them in order, and what changed is
kept together with its events. A refused write changes nothing and stops no other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from services.customers.domain.account import Account, Accounts
from services.customers.domain.change import Asked, Change, Fact, Surroundings
from services.customers.domain.customer import AskedArchiving, AskedCustomer
from services.customers.domain.customer_patch import AskedPatch
from services.customers.domain.decide import decide, stored_fact
from services.customers.domain.payment import AskedPayment
from services.customers.domain.terms import Terms
from services.customers.outbound.events import change_event
from services.customers.storage import variables
from services.customers.storage.accounts import document_owners, lock_accounts
from services.customers.storage.keeping import keep
from services.customers.usecases.take_payment import take_payment
from shared.basics.errors import KnownError
from shared.database import changes as changes_record
from shared.database.changes import Change as RecordedChange
from shared.database.engine import Database, Transaction, retrying
from shared.runtime.clock import Clock

Condition = Callable[[Fact | None], None]
"""Raises when the fact that is there already is not the one the caller expects."""


class Order(NamedTuple):
    """One write: what is asked, and what must hold of the fact that is there already.

    ``by``: who asked, for what the record of changes tells (archiving).
    """

    asked: Asked
    condition: Condition | None = None
    by: str = ""


class Recorded(NamedTuple):
    """A write that was taken: the change, None for a repeat, and the account after it."""

    change: Change | None
    account: Account


Outcome = Recorded | KnownError


@dataclass(frozen=True)
class RecordFacts:
    """``wake`` tells the relay that there is something to send."""

    database: Database
    clock: Clock
    zone: ZoneInfo
    currencies: tuple[str, ...]
    wake: Callable[[], None]

    async def one(self, order: Order) -> Recorded:
        """Record a single fact.

        Raises
        ------
        KnownError
            The write is refused.
        """
        if isinstance(order.asked, AskedPayment) and order.condition is None:
            terms = Terms(self.clock.now(), self.zone, self.currencies)
            if taken := await take_payment(self.database, order.asked, terms):
                self.wake()
                return Recorded(*taken)
        [outcome] = await self.group([order])
        if isinstance(outcome, KnownError):
            raise outcome
        return outcome

    async def group(self, orders: Sequence[Order], *, history: bool = False) -> list[Outcome]:
        """Record facts in their order; one outcome for each. ``history`` marks their events as the past's."""
        outcomes = await retrying(lambda: self._record(orders, history))
        if any(isinstance(outcome, Recorded) and outcome.change for outcome in outcomes):
            self.wake()
        return outcomes

    async def _record(self, orders: Sequence[Order], history: bool) -> list[Outcome]:
        now = self.clock.now()
        asked = [order.asked for order in orders]
        async with self.database.direct_transaction() as connection:
            accounts, epoch = await lock_accounts(connection, asked)
            around = await self._surroundings(connection, asked, accounts, now)
            outcomes = [_outcome(order, accounts[order.asked.customer_id], around) for order in orders]
            changes = [one.change for one in outcomes if isinstance(one, Recorded) and one.change]
            if changes:
                events = [change_event(change, epoch=epoch, at=now, history=history) for change in changes]
                await keep(connection, accounts, changes, events, around.terms.home)
                for order, outcome in zip(orders, outcomes, strict=True):
                    if noted := _archiving(order, outcome):
                        await changes_record.record(connection, noted, by=order.by, at=now)
        return outcomes

    async def _surroundings(
        self, connection: Transaction, asked: Sequence[Asked], accounts: Accounts, now: datetime
    ) -> Surroundings:
        keys = {key for one in asked if isinstance(one, AskedCustomer | AskedPatch) for key in one.variables}
        return Surroundings(
            terms=Terms(now, self.zone, self.currencies),
            declared=await variables.declared(connection, keys),
            document_owners=await document_owners(connection, asked, accounts),
        )


def _outcome(order: Order, account: Account, around: Surroundings) -> Outcome:
    try:
        if order.condition is not None:
            order.condition(stored_fact(account, order.asked))
        return Recorded(decide(account, order.asked, around), account)
    except KnownError as refusal:
        return refusal


def _archiving(order: Order, outcome: Outcome) -> list[RecordedChange]:
    """What the record of changes tells of a write: that a customer was archived, or is no more."""
    if not isinstance(order.asked, AskedArchiving) or not isinstance(outcome, Recorded) or outcome.change is None:
        return []
    asked = order.asked
    before, after = ({"archived": archived} for archived in (not asked.archived, asked.archived))
    return [RecordedChange(f"customers/{asked.customer_id}", before, after)]
