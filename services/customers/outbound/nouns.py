"""Subscriptions, disputes and promises in wire words."""

from services.customers.domain.change import Noun
from services.customers.domain.dispute import Dispute
from services.customers.domain.promise import Promise
from services.customers.domain.subscription import Subscription
from shared.basics.money import Money
from shared.contracts import customers_v1, values
from shared.contracts.values import wire_money


def noun(fact: Noun) -> customers_v1.Subscription | customers_v1.Dispute | customers_v1.Promise:
    """A subscription, dispute or promise on the wire."""
    match fact:
        case Subscription():
            return subscription(fact)
        case Dispute():
            return dispute(fact)
        case Promise():
            return promise(fact)


def subscription(fact: Subscription) -> customers_v1.Subscription:
    """A subscription on the wire."""
    return customers_v1.Subscription(
        customer_id=fact.customer_id,
        subscription_id=fact.subscription_id,
        product=fact.product,
        status=fact.status,
        started_on=fact.started_on,
        ended_on=fact.ended_on,
        amount=_money(fact.amount) if fact.amount else None,
        interval=fact.interval,
        changed_on=list(fact.changed_on),
    )


def dispute(fact: Dispute) -> customers_v1.Dispute:
    """A dispute on the wire."""
    return customers_v1.Dispute(
        customer_id=fact.customer_id,
        dispute_id=fact.dispute_id,
        opened_on=fact.opened_on,
        category=fact.category,
        closed_on=fact.closed_on,
        invoice_id=fact.invoice_id,
    )


def promise(fact: Promise) -> customers_v1.Promise:
    """A promise on the wire."""
    return customers_v1.Promise(
        customer_id=fact.customer_id,
        promise_id=fact.promise_id,
        amount=_money(fact.amount),
        made_on=fact.made_on,
        due_on=fact.due_on,
        cancelled=fact.cancelled,
    )


def _money(value: Money) -> values.Money:
    return wire_money(value.amount, value.currency)
