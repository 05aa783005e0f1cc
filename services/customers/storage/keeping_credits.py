"""The credit side of accounts back into the tables: payments, refunds, credit notes, and what is left of each."""

from collections.abc import Sequence

from services.customers.domain.account import Accounts
from services.customers.domain.change import Change
from services.customers.domain.credit_note import CreditNote, KeptCreditNote
from services.customers.domain.payment import KeptPayment, Payment
from services.customers.domain.refund import KeptRefund, Refund
from services.customers.storage import credit_notes, payments, refunds
from shared.basics.ledger.values import Credit, CreditKey
from shared.database.engine import Transaction

_Used = dict[tuple[str, CreditKey], Credit]


async def keep_credits(connection: Transaction, accounts: Accounts, changes: Sequence[Change]) -> None:
    """Store new credits and refunds, and what is left of credits that were there."""
    used = _used(accounts, changes)
    await _keep_payments(connection, changes, used)
    await _keep_credit_notes(connection, changes, used)
    given_back = [KeptRefund(change.fact, change.seq) for change in changes if isinstance(change.fact, Refund)]
    await refunds.enter_refunds(connection, given_back)
    left = [(who, credit) for (who, _), credit in used.items()]
    await payments.change_unapplied(connection, [one for one in left if one[1].kind == "payment"])
    await credit_notes.change_unapplied(connection, [one for one in left if one[1].kind != "payment"])


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


async def _keep_payments(connection: Transaction, changes: Sequence[Change], used: _Used) -> None:
    """Store new payments, taking them from what was used."""
    new = [
        KeptPayment(fact, change.seq, used.pop((fact.customer_id, ("payment", fact.payment_id))))
        for change in changes
        if isinstance(fact := change.fact, Payment)
    ]
    await payments.enter_payments(connection, new)


async def _keep_credit_notes(connection: Transaction, changes: Sequence[Change], used: _Used) -> None:
    """Store new credit notes, taking them from what was used."""
    new = [
        KeptCreditNote(fact, change.seq, used.pop((fact.customer_id, fact.credit().key)))
        for change in changes
        if isinstance(fact := change.fact, CreditNote)
    ]
    await credit_notes.enter_credit_notes(connection, new)
