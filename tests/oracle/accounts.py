"""Builders of facts that read as sentences: ``a_customer()``, ``an_invoice(due_on=…)``, ``paid("100", on=…)``."""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import count
from typing import Any

from tests.oracle.facts import BUSINESS_ZONE, Account, Customer, Fact, Invoice, Payment

_numbers: Iterator[int] = count(1)


def account(*facts: Fact, **customer: Any) -> Account:
    """A customer, registered long ago, and its facts in the order received."""
    return Account(a_customer(**customer), list(facts))


def a_customer(**given: Any) -> Customer:
    defaults = {"customer_id": f"c-{next(_numbers)}", "name": "Ana Pérez", "registered_on": date(2020, 1, 1)}
    return Customer(**{**defaults, **given})


def an_invoice(amount: str = "100", *, issued_on: date, due_on: date | None = None, **given: Any) -> Invoice:
    defaults = {"invoice_id": f"i-{next(_numbers):04}", "due_on": due_on or issued_on}
    return Invoice(amount=Decimal(amount), issued_on=issued_on, **{**defaults, **given})


def paid(amount: str = "100", *, on: date, at: time = time(10), **given: Any) -> Payment:
    """A payment that succeeded on a business date."""
    defaults = {"payment_id": f"p-{next(_numbers):04}", "occurred_at": datetime.combine(on, at, BUSINESS_ZONE)}
    return Payment(amount=Decimal(amount), **{**defaults, **given})


def failed(amount: str = "100", *, on: date, **given: Any) -> Payment:
    """A payment that failed on a business date."""
    return paid(amount, on=on, status="failed", **given)
