"""Builders of facts that read as sentences: ``a_customer()``, ``an_invoice(due_on=…)``, ``paid("100", on=…)``."""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from itertools import count
from typing import Any

from tests.oracle.facts import (
    BUSINESS_ZONE,
    Account,
    CreditNote,
    Customer,
    Dispute,
    Fact,
    Invoice,
    Payment,
    Promise,
    Refund,
    Subscription,
    Void,
)

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


def refunded(amount: str, *, payment_id: str, on: date, **given: Any) -> Refund:
    """A part of a payment was given back."""
    defaults = {"refund_id": f"r-{next(_numbers):04}"}
    return Refund(payment_id=payment_id, amount=Decimal(amount), refunded_on=on, **{**defaults, **given})


def credited(amount: str = "100", *, on: date, **given: Any) -> CreditNote:
    """A credit note, for an invoice if one is named."""
    defaults = {"credit_note_id": f"n-{next(_numbers):04}"}
    return CreditNote(amount=Decimal(amount), issued_on=on, **{**defaults, **given})


def written_off(amount: str, *, invoice_id: str, on: date, **given: Any) -> CreditNote:
    """The debt of an invoice was given up."""
    return credited(amount, on=on, invoice_id=invoice_id, kind="write_off", **given)


def voided(invoice_id: str, *, on: date) -> Void:
    """An invoice was taken out of the books."""
    return Void(invoice_id=invoice_id, voided_on=on)


def disputed(invoice_id: str | None, *, on: date, **given: Any) -> Dispute:
    """A customer contests an invoice."""
    defaults = {"dispute_id": f"d-{next(_numbers):04}"}
    return Dispute(opened_on=on, invoice_id=invoice_id, **{**defaults, **given})


def subscribed(product: str, *, since: date, **given: Any) -> Subscription:
    """A customer gets a product from a day on."""
    defaults = {"subscription_id": f"s-{next(_numbers):04}", "told_on": since}
    return Subscription(product=product, started_on=since, **{**defaults, **given})


def promised(amount: str, *, on: date, by: date, **given: Any) -> Promise:
    """A customer said on a day that it would pay by another."""
    defaults = {"promise_id": f"o-{next(_numbers):04}"}
    return Promise(amount=Decimal(amount), made_on=on, due_on=by, **{**defaults, **given})
