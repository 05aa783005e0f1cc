"""Payments being taken."""

from services.customers.domain import payment as payments
from services.customers.domain.account import Account
from services.customers.domain.change import Change
from services.customers.domain.customer import Customer
from services.customers.domain.payment import AskedPayment, Payment, payment_asked
from services.customers.domain.terms import Terms
from shared.basics.errors import Conflict


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
