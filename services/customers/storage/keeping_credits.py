"""The credit side of accounts back into the tables: payments, refunds, credit notes, and what is left of each."""

from collections.abc import Sequence

from services.customers.domain.account import Accounts
from services.customers.domain.change import Change
from services.customers.domain.credit_note import CreditNote, KeptCreditNote
from services.customers.domain.payment import KeptPayment, Payment
from services.customers.domain.refund import KeptRefund, Refund
from services.customers.storage import credit_notes, payments, refunds
from services.customers.storage.unapplied import change_unapplied
from shared.basics.ledger.values import Credit, CreditKey
from shared.database.writing import Write

_Used = dict[tuple[str, CreditKey], Credit]


def keep_credits(accounts: Accounts, changes: Sequence[Change]) -> list[Write]:
    """Store new credits and refunds, and what is left of credits that were there."""
    used = _used(accounts, changes)
    given_back = [KeptRefund(change.fact, change.seq) for change in changes if isinstance(change.fact, Refund)]
    new = [*_new_payments(changes, used), *_new_credit_notes(changes, used), *refunds.enter_refunds(given_back)]
    return [*new, *change_unapplied((who, credit) for (who, _), credit in used.items())]


def _used(accounts: Accounts, changes: Sequence[Change]) -> _Used:
    """Every credit that the changes made, applied or took back, as it stands now."""
    keys: set[tuple[str, CreditKey]] = set()
    for change in changes:
        who = change.fact.customer_id
        parts = (*change.effect.reversals, *change.effect.applications)
        keys |= {(who, (one.credit_kind, one.credit_id)) for one in parts}
        if isinstance(change.fact, Payment | Refund):
            keys.add((who, ("payment", change.fact.payment_id)))
        elif isinstance(change.fact, CreditNote):
            keys.add((who, change.fact.credit().key))
    return {(who, key): accounts[who].book.credits[key] for who, key in keys}


def _new_payments(changes: Sequence[Change], used: _Used) -> list[Write]:
    """Store new payments, taking them from what was used."""
    new = [
        KeptPayment(fact, change.seq, used.pop((fact.customer_id, ("payment", fact.payment_id))))
        for change in changes
        if isinstance(fact := change.fact, Payment)
    ]
    return payments.enter_payments(new)


def _new_credit_notes(changes: Sequence[Change], used: _Used) -> list[Write]:
    """Store new credit notes, taking them from what was used."""
    new = [
        KeptCreditNote(fact, change.seq, used.pop((fact.customer_id, fact.credit().key)))
        for change in changes
        if isinstance(fact := change.fact, CreditNote)
    ]
    return credit_notes.enter_credit_notes(new)
