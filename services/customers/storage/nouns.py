"""Subscriptions, disputes and promises of accounts: out of their tables before a decision, back into them after."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from services.customers.domain.account import Accounts
from services.customers.domain.change import Asked, Change
from services.customers.domain.dispute import Dispute
from services.customers.domain.promise import AskedPromise, Promise
from services.customers.domain.subscription import AskedSubscription, Subscription
from services.customers.storage.disputes import DISPUTES
from services.customers.storage.fact_table import FactTable
from services.customers.storage.promises import PROMISES
from services.customers.storage.subscriptions import SUBSCRIPTIONS
from shared.database.engine import Transaction
from shared.database.writing import Write

Noun = TypeVar("Noun", Subscription, Dispute, Promise)


async def load_nouns(connection: Transaction, accounts: Accounts, asked: Sequence[Asked]) -> None:
    """Load what the writes name."""
    named = {(one.customer_id, one.subscription_id) for one in asked if isinstance(one, AskedSubscription)}
    for subscription in await SUBSCRIPTIONS.named(connection, named):
        accounts[subscription.customer_id].subscriptions[subscription.subscription_id] = subscription
    named = {(one.customer_id, one.dispute_id) for one in asked if isinstance(one, Dispute)}
    for dispute in await DISPUTES.named(connection, named):
        accounts[dispute.customer_id].disputes[dispute.dispute_id] = dispute
    named = {(one.customer_id, one.promise_id) for one in asked if isinstance(one, AskedPromise)}
    for promise in await PROMISES.named(connection, named):
        accounts[promise.customer_id].promises[promise.promise_id] = promise


def keep_nouns(changes: Sequence[Change]) -> list[Write]:
    """Store what changed, each fact as the last change left it."""
    return [
        *_keep(SUBSCRIPTIONS, Subscription, changes, lambda fact: fact.subscription_id),
        *_keep(DISPUTES, Dispute, changes, lambda fact: fact.dispute_id),
        *_keep(PROMISES, Promise, changes, lambda fact: fact.promise_id),
    ]


def _keep(
    table: FactTable[Noun], noun: type[Noun], changes: Sequence[Change], own_id: Callable[[Noun], str]
) -> list[Write]:
    written: dict[tuple[str, str], Noun] = {}
    new: set[tuple[str, str]] = set()
    for change in changes:
        if isinstance(change.fact, noun):
            name = (change.fact.customer_id, own_id(change.fact))
            written[name] = change.fact
            new |= {name} if change.is_new else set()
    return [
        *table.enter([written[name] for name in new]),
        *table.change([written[name] for name in written.keys() - new]),
    ]
