"""Payments being taken, and given back."""

from services.customers.domain import payment as payments
from services.customers.domain import refund as refunds
from services.customers.domain.account import Account
from services.customers.domain.change import Change
from services.customers.domain.customer import Customer
from services.customers.domain.payment import AskedPayment, Payment, payment_asked
from services.customers.domain.refund import AskedRefund, Refund, refund_asked
from services.customers.domain.terms import Terms
from shared.basics.errors import Conflict, Missing
from shared.basics.money import Money


def take_payment(account: Account, asked: AskedPayment, owner: Customer, terms: Terms) -> Change | None:
    """Enter a payment attempt; it never changes."""
    stored = account.payments.get(asked.payment_id)
    if stored is not None:
        _check_repeat(stored, asked)
        return None
    wanted = payment_asked(asked, owner.currency, terms.date_of(asked.occurred_at))
    payments.check_content(asked, wanted, account.book.debts, terms)
    effect = account.take_payment(wanted)
    return Change(f"payment.{wanted.status}", wanted, account.next_seq(), True, effect)


def _check_repeat(stored: Payment, asked: AskedPayment) -> None:
    if payment_asked(asked, stored.amount.currency, stored.occurred_on) != stored:
        raise Conflict("conflict", f"payment {stored.payment_id} is there with another body; payments never change")


def refund(account: Account, asked: AskedRefund, terms: Terms) -> Change | None:
    """Give back a part of a payment, or all that is left of it; a refund never changes.

    Raises
    ------
    Missing
        ``unknown_customer`` or ``unknown_payment``.
    Conflict
        The refund is there with another body.
    BadInput
        The content cannot be accepted.
    """
    customer_id = account.owner.customer_id
    payment = account.payments.get(asked.payment_id)
    if payment is None:
        raise Missing("unknown_payment", f"customer {customer_id} has no payment {asked.payment_id}")
    stored = account.refunds.get((asked.payment_id, asked.refund_id))
    if stored is not None:
        _check_refund_repeat(stored, asked)
        return None
    left = Money(account.book.refundable(("payment", asked.payment_id)), payment.amount.currency)
    wanted = refund_asked(asked, left, terms.today)
    refunds.check_content(asked, wanted, left, terms)
    return Change("payment.refunded", wanted, account.next_seq(), True, account.take_refund(wanted))


def _check_refund_repeat(stored: Refund, asked: AskedRefund) -> None:
    if refund_asked(asked, stored.amount, stored.refunded_on) != stored:
        raise Conflict("conflict", f"refund {stored.refund_id} is there with another body; refunds never change")
