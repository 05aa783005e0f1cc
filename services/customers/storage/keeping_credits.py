"""The credit side of accounts back into the tables: payments, refunds, credit notes, and what is left of each."""

from collections.abc import Sequence

from services.customers.domain.account import Accounts
from services.customers.domain.change import Change
from services.customers.domain.credit_note import CreditNote, KeptCreditNote
from services.customers.domain.payment import KeptPayment, Payment
from services.customers.domain.refund import KeptRefund, Refund
from services.customers.storage import credit_notes, payments, refunds
from services.customers.storage.unapplied import change_unapplied
from shared.basics.ledger.values import CreditKey
from shared.database.writing import Write

_Name = tuple[str, CreditKey]
"""Whose a credit is, and which."""


def keep_credits(accounts: Accounts, changes: Sequence[Change]) -> list[Write]:
    """Store new credits and refunds, and what is left of credits that were there."""
    paid = _new_payments(accounts, changes)
    noted = _new_credit_notes(accounts, changes)
    given_back = [KeptRefund(change.fact, change.seq) for change in changes if isinstance(change.fact, Refund)]
    new = {(one.payment.customer_id, one.credit.key) for one in paid}
    new |= {(one.note.customer_id, one.credit.key) for one in noted}
    left = [(who, accounts[who].book.credits[key]) for who, key in _used(changes) - new]
    return [
        *payments.enter_payments(paid),
        *credit_notes.enter_credit_notes(noted),
        *refunds.enter_refunds(given_back),
        *change_unapplied(left),
    ]


def _new_payments(accounts: Accounts, changes: Sequence[Change]) -> list[KeptPayment]:
    return [
        KeptPayment(fact, change.seq, accounts[fact.customer_id].book.credits["payment", fact.payment_id])
        for change in changes
        if isinstance(fact := change.fact, Payment)
    ]


def _new_credit_notes(accounts: Accounts, changes: Sequence[Change]) -> list[KeptCreditNote]:
    return [
        KeptCreditNote(fact, change.seq, accounts[fact.customer_id].book.credits[fact.credit().key])
        for change in changes
        if isinstance(fact := change.fact, CreditNote)
    ]


def _used(changes: Sequence[Change]) -> set[_Name]:
    """Every credit that the changes applied or took back."""
    used: set[_Name] = set()
    for change in changes:
        who = change.fact.customer_id
        for one in (*change.effect.reversals, *change.effect.applications):
            used.add((who, (one.credit_kind, one.credit_id)))
        if isinstance(change.fact, Refund):
            used.add((who, ("payment", change.fact.payment_id)))
    return used
