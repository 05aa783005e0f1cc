"""Rows of ``subscriptions``."""

from datetime import date
from typing import Any

import msgspec
from sqlalchemy import Row

from services.customers.domain.subscription import Subscription
from services.customers.storage.fact_table import FactTable
from shared.basics.money import Money

_COLUMNS = {
    "customer_id": "text",
    "subscription_id": "text",
    "product": "text",
    "status": "text",
    "started_on": "date",
    "ended_on": "date",
    "amount": "numeric",
    "currency": "text",
    "interval": "text",
    "changed_on": "jsonb",
}


def _row(fact: Subscription) -> tuple[Any, ...]:
    return (
        fact.customer_id,
        fact.subscription_id,
        fact.product,
        fact.status,
        fact.started_on,
        fact.ended_on,
        fact.amount and fact.amount.amount,
        fact.amount and fact.amount.currency,
        fact.interval,
        msgspec.json.encode(fact.changed_on).decode(),
    )


def _fact(row: Row[Any]) -> Subscription:
    return Subscription(
        customer_id=row.customer_id,
        subscription_id=row.subscription_id,
        product=row.product,
        status=row.status,
        started_on=row.started_on,
        ended_on=row.ended_on,
        amount=None if row.amount is None else Money(row.amount, row.currency),
        interval=row.interval,
        changed_on=msgspec.json.decode(row.changed_on, type=tuple[date, ...]),
    )


SUBSCRIPTIONS = FactTable(
    "subscriptions", _COLUMNS, own_id="subscription_id", day="started_on", row_of=_row, fact_of=_fact
)
