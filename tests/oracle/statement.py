"""The figures of an account statement as of a day (meaning.md 36-38)."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from tests.oracle.aging import bucket
from tests.oracle.facts import Account, Dispute, Invoice
from tests.oracle.ledger import Ledger, replay
from tests.oracle.settings import Settings

ZERO = Decimal(0)


@dataclass(frozen=True)
class Line:
    """One invoice on the statement."""

    invoice_id: str
    amount: Decimal
    balance: Decimal
    status: str
    days_past_due: int
    settled_on: date | None
    disputed: bool = False


@dataclass(frozen=True)
class Movement:
    """What made the balance rise (+) or fall (-) within the period."""

    on: date
    kind: str
    id: str
    amount: Decimal


@dataclass(frozen=True)
class Figures:
    """One currency of a statement. Overdue ones have no opening, movements or closing."""

    currency: str
    lines: list[Line]
    total: Decimal
    aging: dict[str, Decimal]
    unapplied_credit: Decimal
    opening: Decimal | None = None
    movements: list[Movement] | None = None
    closing: Decimal | None = None


def full_statement(account: Account, as_of: date, paid_within_days: int = 90) -> list[Figures]:
    """Everything owed, and what happened in the period; currencies with nothing to show are left out."""
    ledger = replay(account.facts, as_of)
    contested = _contested(account, as_of)
    found = [_full(ledger, contested, currency, as_of, paid_within_days) for currency in _currencies(ledger)]
    return [figures for figures in found if figures.lines or figures.movements or figures.opening or figures.closing]


def overdue_statement(account: Account, as_of: date, min_days_overdue: int) -> list[Figures]:
    """Open invoices at least so many days past due; currencies without one are left out."""
    ledger = replay(account.facts, as_of)
    contested = _contested(account, as_of)
    found = [_overdue(ledger, contested, currency, as_of, min_days_overdue) for currency in _currencies(ledger)]
    return [figures for figures in found if figures.lines]


def _contested(account: Account, as_of: date) -> set[str | None]:
    """Invoices with a dispute that is open on the day (16), its latest word counting."""
    latest = {fact.dispute_id: fact for fact in account.facts if isinstance(fact, Dispute)}
    return {
        dispute.invoice_id
        for dispute in latest.values()
        if dispute.opened_on <= as_of and (dispute.closed_on is None or as_of < dispute.closed_on)
    }


def _currencies(ledger: Ledger) -> list[str]:
    of_invoices = {invoice.currency for invoice in ledger.invoices.values()}
    of_payments = {payment.currency for payment in ledger.payments.values()}
    return sorted(of_invoices | of_payments | {note.currency for note in ledger.credit_notes.values()})


def _full(ledger: Ledger, contested: set[str | None], currency: str, as_of: date, paid_within_days: int) -> Figures:
    start = as_of - timedelta(days=paid_within_days)
    everything = _movements(ledger, currency)
    within = [movement for movement in everything if movement.on >= start]
    lines = [
        _line(ledger, contested, invoice, as_of)
        for invoice in _in_order(ledger, currency)
        if ledger.balances[invoice.invoice_id] > 0 or ledger.settled_on[invoice.invoice_id] >= start
    ]
    return Figures(
        currency=currency,
        lines=lines,
        total=sum((line.balance for line in lines), ZERO),
        aging=_aging(lines),
        unapplied_credit=_unapplied(ledger, currency),
        opening=sum((movement.amount for movement in everything if movement.on < start), ZERO),
        movements=within,
        closing=sum((movement.amount for movement in everything), ZERO),
    )


def _overdue(ledger: Ledger, contested: set[str | None], currency: str, as_of: date, min_days_overdue: int) -> Figures:
    every_line = [_line(ledger, contested, invoice, as_of) for invoice in _in_order(ledger, currency)]
    lines = [line for line in every_line if line.balance > 0 and line.days_past_due >= min_days_overdue]
    total = sum((line.balance for line in lines), ZERO)
    return Figures(currency, lines, total, _aging(lines), _unapplied(ledger, currency))


def _movements(ledger: Ledger, currency: str) -> list[Movement]:
    invoices = [invoice for invoice in ledger.invoices.values() if invoice.currency == currency]
    payments = [payment for payment in ledger.payments.values() if payment.currency == currency]
    issued = [Movement(one.issued_on, "invoice", one.invoice_id, one.amount) for one in invoices]
    paid = [Movement(one.on, "payment", one.payment_id, -one.amount) for one in payments]
    noted = [
        Movement(one.issued_on, "credit_note", one.credit_note_id, -one.amount)
        for one in ledger.credit_notes.values()
        if one.currency == currency
    ]
    refunded = [
        Movement(one.refunded_on, "refund", one.refund_id, one.amount)
        for one in ledger.refunds
        if ledger.payments[one.payment_id].currency == currency
    ]
    voided = [
        Movement(ledger.voided_on[one.invoice_id], "void", one.invoice_id, -one.amount)
        for one in invoices
        if one.invoice_id in ledger.voided_on
    ]
    return sorted(
        [*issued, *paid, *noted, *refunded, *voided], key=lambda movement: (movement.on, movement.kind, movement.id)
    )


def _in_order(ledger: Ledger, currency: str) -> list[Invoice]:
    """Invoices that are not void."""
    mine = [
        invoice
        for invoice in ledger.invoices.values()
        if invoice.currency == currency and invoice.invoice_id not in ledger.voided_on
    ]
    return sorted(mine, key=lambda invoice: (invoice.due_on, invoice.issued_on, invoice.invoice_id))


def _line(ledger: Ledger, contested: set[str | None], invoice: Invoice, as_of: date) -> Line:
    balance, disputed = ledger.balances[invoice.invoice_id], invoice.invoice_id in contested
    if balance == 0:
        settled_on = ledger.settled_on[invoice.invoice_id]
        return Line(invoice.invoice_id, invoice.amount, balance, "paid", 0, settled_on, disputed)
    days = max(0, (as_of - invoice.due_on).days)
    status = "overdue" if days else "pending"
    return Line(invoice.invoice_id, invoice.amount, balance, status, days, None, disputed)


def _aging(lines: list[Line]) -> dict[str, Decimal]:
    """Open balances by bucket, all buckets present (default edges)."""
    sums = {bucket(days, Settings()): ZERO for days in (0, 1, 31, 61, 91)}
    for line in lines:
        sums[bucket(line.days_past_due, Settings())] += line.balance
    return sums


def _unapplied(ledger: Ledger, currency: str) -> Decimal:
    paid = [left for one, left in ledger.unapplied.items() if ledger.payments[one].currency == currency]
    noted = [left for one, left in ledger.unapplied_notes.items() if ledger.credit_notes[one].currency == currency]
    return sum([*paid, *noted], ZERO)
