"""The ledger as of a day: the replay of the facts dated that day or earlier (meaning.md 1-7)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tests.oracle.facts import CreditNote, Fact, Invoice, Payment, Refund, Void, dated


@dataclass(frozen=True)
class Application:
    """A part of a payment (or credit note: ``payment_id`` is the credit's id) that paid a part of an invoice.

    What a refund or void takes back is an application of a negative amount.
    """

    payment_id: str
    invoice_id: str
    amount: Decimal
    on: date
    credit_kind: str = "payment"


@dataclass(frozen=True, order=True)
class Credit:
    """What can pay invoices, in the order in which it does (3)."""

    on: date
    is_note: bool
    credit_id: str
    kind: str
    currency: str


@dataclass
class Ledger:
    """What is owed, what was paid, and what waits. ``applications`` are a log; ``paid_by`` says what stands."""

    invoices: dict[str, Invoice] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    credit_notes: dict[str, CreditNote] = field(default_factory=dict)
    refunds: list[Refund] = field(default_factory=list)
    voided_on: dict[str, date] = field(default_factory=dict)
    balances: dict[str, Decimal] = field(default_factory=dict)
    settled_on: dict[str, date] = field(default_factory=dict)
    unapplied: dict[str, Decimal] = field(default_factory=dict)
    unapplied_notes: dict[str, Decimal] = field(default_factory=dict)
    applications: list[Application] = field(default_factory=list)

    def open_invoices(self) -> list[Invoice]:
        """Those that still want money, in the order in which credit reaches them (3)."""
        unpaid = [invoice for invoice in self.invoices.values() if self.balances[invoice.invoice_id] > 0]
        return sorted(unpaid, key=lambda invoice: (invoice.due_on, invoice.issued_on, invoice.invoice_id))

    def credits(self) -> list[Credit]:
        """Payments and credit notes in their order; a write-off waits for nothing."""
        paid = [Credit(one.on, False, one.payment_id, "payment", one.currency) for one in self.payments.values()]
        noted = [_of_note(one) for one in self.credit_notes.values() if one.kind != "write_off"]
        return sorted([*paid, *noted])

    def paid_by(self, kind: str, credit_id: str) -> dict[str, Decimal]:
        """How much of a credit stands applied to each invoice."""
        sums: dict[str, Decimal] = {}
        for part in self.applications:
            if (part.credit_kind, part.payment_id) == (kind, credit_id):
                sums[part.invoice_id] = sums.get(part.invoice_id, Decimal(0)) + part.amount
        return {invoice_id: amount for invoice_id, amount in sums.items() if amount}

    def waiting(self, credit: Credit) -> Decimal:
        """What of a credit is not applied."""
        return (self.unapplied_notes if credit.is_note else self.unapplied).get(credit.credit_id, Decimal(0))


def replay(facts: Sequence[Fact], as_of: date) -> Ledger:
    """The ledger as of a day, from facts in the order received."""
    ledger = Ledger()
    for fact in facts:
        if dated(fact) <= as_of:
            _take(ledger, fact)
            _use_up_credit(ledger)
    return ledger


def _take(ledger: Ledger, fact: Fact) -> None:
    match fact:
        case Invoice():
            _take_invoice(ledger, fact)
        case Payment(status="succeeded"):
            _take_payment(ledger, fact)
        case CreditNote():
            _take_credit_note(ledger, fact)
        case Refund() if fact.payment_id in ledger.payments:
            _take_refund(ledger, fact)
        case Void() if fact.invoice_id in ledger.invoices and fact.invoice_id not in ledger.voided_on:
            _take_void(ledger, fact)
        case _:
            pass  # a failed attempt, no money fact, or what is for a fact that is not there as of the day


def _take_invoice(ledger: Ledger, invoice: Invoice) -> None:
    is_new = invoice.invoice_id not in ledger.invoices
    ledger.invoices[invoice.invoice_id] = invoice
    if is_new:
        ledger.balances[invoice.invoice_id] = invoice.amount
        if invoice.amount == 0:
            ledger.settled_on[invoice.invoice_id] = invoice.issued_on


def _take_payment(ledger: Ledger, payment: Payment) -> None:
    if payment.payment_id in ledger.payments:
        return
    ledger.payments[payment.payment_id] = payment
    ledger.unapplied[payment.payment_id] = payment.amount
    credit = Credit(payment.on, False, payment.payment_id, "payment", payment.currency)
    for invoice_id, amount in payment.allocations:
        if invoice_id in ledger.invoices:
            _apply(ledger, credit, ledger.invoices[invoice_id], amount)


def _take_credit_note(ledger: Ledger, note: CreditNote) -> None:
    ledger.credit_notes[note.credit_note_id] = note
    ledger.unapplied_notes[note.credit_note_id] = note.amount
    if note.invoice_id in ledger.invoices:
        _apply(ledger, _of_note(note), ledger.invoices[note.invoice_id], note.amount)
    if note.kind == "write_off":
        ledger.unapplied_notes[note.credit_note_id] = Decimal(0)


def _take_refund(ledger: Ledger, refund: Refund) -> None:
    """First what is unapplied of the payment, then what paid the latest due invoices (5)."""
    ledger.refunds.append(refund)
    payment = ledger.payments[refund.payment_id]
    credit = Credit(payment.on, False, payment.payment_id, "payment", payment.currency)
    still = refund.amount - min(refund.amount, ledger.unapplied[payment.payment_id])
    ledger.unapplied[payment.payment_id] -= refund.amount - still
    paid = ledger.paid_by("payment", payment.payment_id)
    latest = sorted(
        (ledger.invoices[one] for one in paid), key=lambda i: (i.due_on, i.issued_on, i.invoice_id), reverse=True
    )
    for invoice in latest:
        back = min(still, paid[invoice.invoice_id])
        if back > 0:
            _take_back(ledger, credit, invoice, back)
            still -= back


def _take_void(ledger: Ledger, void: Void) -> None:
    """What was applied becomes unapplied credit (5)."""
    invoice = ledger.invoices[void.invoice_id]
    for credit in ledger.credits():
        back = ledger.paid_by(credit.kind, credit.credit_id).get(void.invoice_id)
        if back:
            _take_back(ledger, credit, invoice, back)
            _change_waiting(ledger, credit, back)
    ledger.balances[void.invoice_id] = Decimal(0)
    ledger.settled_on.pop(void.invoice_id, None)
    ledger.voided_on[void.invoice_id] = void.voided_on


def _use_up_credit(ledger: Ledger) -> None:
    """Unapplied credit never stands beside an open invoice of its currency: the earliest dated goes first."""
    for credit in ledger.credits():
        for invoice in ledger.open_invoices():
            if invoice.currency == credit.currency:
                _apply(ledger, credit, invoice, ledger.waiting(credit))


def _apply(ledger: Ledger, credit: Credit, invoice: Invoice, at_most: Decimal) -> None:
    part = min(at_most, ledger.waiting(credit), ledger.balances[invoice.invoice_id])
    if part <= 0:
        return
    on = max(credit.on, invoice.issued_on)
    ledger.applications.append(Application(credit.credit_id, invoice.invoice_id, part, on, credit.kind))
    _change_waiting(ledger, credit, -part)
    ledger.balances[invoice.invoice_id] -= part
    if ledger.balances[invoice.invoice_id] == 0:
        ledger.settled_on[invoice.invoice_id] = on


def _take_back(ledger: Ledger, credit: Credit, invoice: Invoice, amount: Decimal) -> None:
    on = max(credit.on, invoice.issued_on)
    ledger.applications.append(Application(credit.credit_id, invoice.invoice_id, -amount, on, credit.kind))
    ledger.balances[invoice.invoice_id] += amount
    ledger.settled_on.pop(invoice.invoice_id, None)


def _change_waiting(ledger: Ledger, credit: Credit, by: Decimal) -> None:
    waiting = ledger.unapplied_notes if credit.is_note else ledger.unapplied
    waiting[credit.credit_id] += by


def _of_note(note: CreditNote) -> Credit:
    kind = "write_off" if note.kind == "write_off" else "credit_note"
    return Credit(note.issued_on, True, note.credit_note_id, kind, note.currency)
