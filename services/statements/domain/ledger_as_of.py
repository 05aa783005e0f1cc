"""Which invoices stood open or settled at the end of a day, and how much credit waited.

While no fact is dated after that day, it is what customers told. A day that later facts have passed is replayed from
the facts dated till then, in the order they were received. Source: meaning.md, *The ledger*, rule 6.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.statements.domain.facts import Account, CreditNote, Payment, Terms
from shared.basics.ledger.replay import Credited, DueChanged, Entry, Issued, Refunded, Voided, replay
from shared.basics.ledger.values import Credit, CreditKind, new_debt
from shared.basics.money import ZERO, Money, totals


@dataclass(frozen=True, slots=True)
class Standing:
    """An invoice that is not void, as it stood."""

    terms: Terms
    balance: Decimal
    settled_on: date | None


@dataclass(frozen=True, slots=True)
class LedgerAsOf:
    """The ledger at the end of ``day``; ``unapplied`` is the credit that waits, by currency."""

    day: date
    standings: tuple[Standing, ...]
    unapplied: dict[str, Decimal]


def ledger_as_of(account: Account, day: date) -> LedgerAsOf:
    """How an account's ledger stood at the end of a day."""
    if all(dated <= day for dated in _dates(account)):
        return _told(account, day)
    return _replayed(account, day)


def _dates(account: Account) -> Iterator[date]:
    for invoice in account.invoices:
        yield invoice.terms.issued_on
        if invoice.void:
            yield invoice.void.voided_on
    yield from (payment.paid_on for payment in account.payments)
    yield from (refund.refunded_on for refund in account.refunds)
    yield from (note.issued_on for note in account.credit_notes)


def _told(account: Account, day: date) -> LedgerAsOf:
    standings = [Standing(one.terms, one.left, one.settled_on) for one in account.invoices if one.void is None]
    entered = [*(payment.amount for payment in account.payments), *(note.amount for note in account.credit_notes)]
    used = [*(refund.amount for refund in account.refunds), *(part.amount for part in account.applications)]
    left = totals([*entered, *(Money(-money.amount, money.currency) for money in used)])
    return LedgerAsOf(day, tuple(standings), {money.currency: money.amount for money in left})


def _replayed(account: Account, day: date) -> LedgerAsOf:
    book = replay((entry for _, entry in sorted(_entries(account), key=lambda one: one[0])), day)
    terms = {invoice.terms.invoice_id: invoice.terms for invoice in account.invoices}
    standings = [
        Standing(terms[debt.invoice_id], debt.balance, debt.settled_on)
        for debt in book.debts.values()
        if debt.voided_on is None
    ]
    unapplied: dict[str, Decimal] = {}
    for credit in book.credits.values():
        unapplied[credit.currency] = unapplied.get(credit.currency, ZERO) + credit.left
    return LedgerAsOf(day, tuple(standings), unapplied)


def _entries(account: Account) -> Iterator[tuple[int, Entry]]:
    """Every fact with its place in the order received."""
    for invoice in account.invoices:
        terms = invoice.terms
        amount, currency = terms.amount.amount, terms.amount.currency
        yield terms.seq, Issued(new_debt(terms.invoice_id, currency, terms.issued_on, terms.first_due_on, amount))
        if invoice.void:
            yield invoice.void.seq, Voided(terms.invoice_id, invoice.void.voided_on)
    for change in account.due_changes:
        yield change.seq, DueChanged(change.invoice_id, change.due_on)
    for payment in account.payments:
        yield payment.seq, _payment(payment)
    for refund in account.refunds:
        yield refund.seq, Refunded(("payment", refund.payment_id), refund.amount.amount, refund.refunded_on)
    for note in account.credit_notes:
        yield note.seq, _credit_note(note)


def _payment(payment: Payment) -> Credited:
    return _credited("payment", payment.payment_id, payment.amount, payment.paid_on, payment.allocations)


def _credit_note(note: CreditNote) -> Credited:
    kind: CreditKind = "write_off" if note.kind == "write_off" else "credit_note"
    wanted = ((note.invoice_id, note.amount.amount),) if note.invoice_id else ()
    return _credited(kind, note.credit_note_id, note.amount, note.issued_on, wanted)


def _credited(
    kind: CreditKind, credit_id: str, amount: Money, dated_on: date, wanted: tuple[tuple[str, Decimal], ...]
) -> Credited:
    return Credited(Credit(kind, credit_id, amount.currency, dated_on, amount.amount), wanted)
