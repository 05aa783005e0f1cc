"""Rows of ``promises``."""

from typing import Any

from sqlalchemy import Row

from services.customers.domain.promise import Promise
from services.customers.storage.fact_table import FactTable
from shared.basics.money import Money

_COLUMNS = {
    "customer_id": "text",
    "promise_id": "text",
    "amount": "numeric",
    "currency": "text",
    "made_on": "date",
    "due_on": "date",
    "cancelled": "boolean",
}


def _row(fact: Promise) -> tuple[Any, ...]:
    return (
        fact.customer_id,
        fact.promise_id,
        fact.amount.amount,
        fact.amount.currency,
        fact.made_on,
        fact.due_on,
        fact.cancelled,
    )


def _fact(row: Row[Any]) -> Promise:
    return Promise(
        customer_id=row.customer_id,
        promise_id=row.promise_id,
        amount=Money(row.amount, row.currency),
        made_on=row.made_on,
        due_on=row.due_on,
        cancelled=row.cancelled,
    )


PROMISES = FactTable("promises", _COLUMNS, own_id="promise_id", day="made_on", row_of=_row, fact_of=_fact)
