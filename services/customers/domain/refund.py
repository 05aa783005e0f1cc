"""Refunds: parts of a payment given back. They never change; several partial ones are several refunds."""

from dataclasses import dataclass
from datetime import date

from services.customers.domain.asked_money import AskedMoney
from services.customers.domain.terms import Terms
from shared.basics.errors import mistake
from shared.basics.money import ZERO, Money


@dataclass(frozen=True, kw_only=True)
class Refund:
    """A part of a payment given back; its id is unique among the refunds of its payment."""

    customer_id: str
    payment_id: str
    refund_id: str
    amount: Money
    refunded_on: date
    reason: str | None = None


@dataclass(frozen=True)
class KeptRefund:
    """A refund as it is kept: with the event that told it."""

    refund: Refund
    seq: int


@dataclass(frozen=True, kw_only=True)
class AskedRefund:
    """A refund as a body asks for it; without amount all that is left, without date today."""

    customer_id: str
    payment_id: str
    refund_id: str
    amount: AskedMoney | None = None
    refunded_on: date | None = None
    reason: str | None = None


def refund_asked(asked: AskedRefund, left: Money, today: date) -> Refund:
    """The refund that is asked for; an amount alone is in the payment's currency."""
    return Refund(
        customer_id=asked.customer_id,
        payment_id=asked.payment_id,
        refund_id=asked.refund_id,
        amount=asked.amount.in_currency(left.currency) if asked.amount else left,
        refunded_on=asked.refunded_on or today,
        reason=asked.reason,
    )


def check_content(asked: AskedRefund, wanted: Refund, left: Money, terms: Terms) -> None:
    """Whether a new refund may be taken; ``left`` of the payment can be given back.

    Raises
    ------
    BadInput
        ``unknown_currency``, ``wrong_currency``, ``date_in_future`` or ``exceeds_payment``.
    """
    if asked.amount is not None:
        asked.amount.check(terms, "/amount")
    if wanted.amount.currency != left.currency:
        raise mistake("/amount/currency", "wrong_currency", f"the payment is in {left.currency}")
    terms.check_day(wanted.refunded_on, "/refunded_on")
    if not ZERO < wanted.amount.amount <= left.amount:
        detail = f"of payment {wanted.payment_id} {left.amount} {left.currency} is left to give back"
        raise mistake("/amount", "exceeds_payment", detail)
