"""Payments: attempts that succeeded or failed. They never change; a retried charge is another payment.

They come by the thousand, so they are tuples with names: a frozen dataclass takes three times as long to make.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from services.customers.domain.asked_money import AskedMoney
from services.customers.domain.owed import owed_invoice
from services.customers.domain.terms import Terms
from shared.basics.errors import mistake
from shared.basics.ledger.values import Credit, Debt
from shared.basics.money import ZERO, Money
from shared.basics.pointer import pointer


@dataclass(frozen=True)
class Allocation:
    """What the payer said a part of the payment is for."""

    invoice_id: str
    amount: Money


class Payment(NamedTuple):
    """A payment attempt as it is. ``occurred_on`` is the business date of ``occurred_at``."""

    customer_id: str
    payment_id: str
    status: Literal["succeeded", "failed"]
    amount: Money
    occurred_at: datetime
    occurred_on: date
    method: str | None = None
    failure_reason: str | None = None
    allocations: tuple[Allocation, ...] = ()


class KeptPayment(NamedTuple):
    """A payment as it is kept: with the event that told it, what is left of it, and how much was given back."""

    payment: Payment
    seq: int
    credit: Credit
    refunded: Decimal = ZERO


@dataclass(frozen=True)
class AskedAllocation:
    """An allocation as a body gives it; without currency it is in the payment's."""

    invoice_id: str
    amount: AskedMoney


class AskedPayment(NamedTuple):
    """A payment as a body asks for it."""

    customer_id: str
    payment_id: str
    status: Literal["succeeded", "failed"]
    amount: AskedMoney
    occurred_at: datetime
    method: str | None = None
    failure_reason: str | None = None
    allocations: tuple[AskedAllocation, ...] = ()


def payment_asked(asked: AskedPayment, implied_currency: str, occurred_on: date) -> Payment:
    """The payment that is asked for."""
    amount = asked.amount.in_currency(implied_currency)
    return Payment(
        customer_id=asked.customer_id,
        payment_id=asked.payment_id,
        status=asked.status,
        amount=amount,
        occurred_at=asked.occurred_at,
        occurred_on=occurred_on,
        method=asked.method,
        failure_reason=asked.failure_reason,
        allocations=tuple(
            Allocation(one.invoice_id, one.amount.in_currency(amount.currency)) for one in asked.allocations
        ),
    )


def check_content(asked: AskedPayment, wanted: Payment, debts: Mapping[str, Debt], terms: Terms) -> None:
    """Whether a new payment may be taken.

    Raises
    ------
    BadInput
        ``unknown_currency``, ``date_in_future``, ``unknown_invoice`` or ``allocations_exceed_amount``.
    """
    asked.amount.check(terms, "/amount")
    terms.check_moment(asked.occurred_at, "/occurred_at")
    for place, allocation in enumerate(wanted.allocations):
        _check_allocation(allocation, wanted.amount.currency, debts, pointer("allocations", place))
    if sum((one.amount.amount for one in wanted.allocations), ZERO) > wanted.amount.amount:
        raise mistake("/allocations", "allocations_exceed_amount", "the allocations add up to more than the payment")


def _check_allocation(allocation: Allocation, currency: str, debts: Mapping[str, Debt], where: str) -> None:
    owed_invoice(debts, allocation.invoice_id, currency, f"{where}/invoice_id")
    if allocation.amount.currency != currency:
        raise mistake(f"{where}/amount/currency", "wrong_currency", f"the payment is in {currency}")
