"""The ledger as of a day: the replay of the facts dated that day or earlier (meaning.md 1-7, without credit notes)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tests.oracle.facts import Fact, Invoice, Payment, dated


@dataclass(frozen=True)
class Application:
    """A part of a payment that paid a part of an invoice."""

    payment_id: str
    invoice_id: str
    amount: Decimal
    on: date


@dataclass
class Ledger:
    """What is owed, what was paid, and what waits."""

    invoices: dict[str, Invoice] = field(default_factory=dict)
    payments: dict[str, Payment] = field(default_factory=dict)
    balances: dict[str, Decimal] = field(default_factory=dict)
    settled_on: dict[str, date] = field(default_factory=dict)
    unapplied: dict[str, Decimal] = field(default_factory=dict)
    applications: list[Application] = field(default_factory=list)

    def open_invoices(self) -> list[Invoice]:
        """Those that still want money, in the order in which credit reaches them (3)."""
        unpaid = [invoice for invoice in self.invoices.values() if self.balances[invoice.invoice_id] > 0]
        return sorted(unpaid, key=lambda invoice: (invoice.due_on, invoice.issued_on, invoice.invoice_id))


def replay(facts: Sequence[Fact], as_of: date) -> Ledger:
    """The ledger as of a day, from facts in the order received."""
    ledger = Ledger()
    for fact in facts:
        if dated(fact) > as_of:
            continue
        if isinstance(fact, Invoice):
            _take_invoice(ledger, fact)
        elif fact.status == "succeeded":
            _take_payment(ledger, fact)
        _use_up_credit(ledger)
    return ledger


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
    for invoice_id, amount in payment.allocations:
        if invoice_id in ledger.invoices:
            _apply(ledger, payment, ledger.invoices[invoice_id], amount)


def _use_up_credit(ledger: Ledger) -> None:
    """Unapplied credit never stands beside an open invoice of its currency: the earliest dated goes first."""
    for payment in sorted(ledger.payments.values(), key=lambda payment: (payment.on, payment.payment_id)):
        for invoice in ledger.open_invoices():
            if invoice.currency == payment.currency:
                _apply(ledger, payment, invoice, payment.amount)


def _apply(ledger: Ledger, payment: Payment, invoice: Invoice, at_most: Decimal) -> None:
    part = min(at_most, ledger.unapplied[payment.payment_id], ledger.balances[invoice.invoice_id])
    if part <= 0:
        return
    on = max(payment.on, invoice.issued_on)
    ledger.applications.append(Application(payment.payment_id, invoice.invoice_id, part, on))
    ledger.unapplied[payment.payment_id] -= part
    ledger.balances[invoice.invoice_id] -= part
    if ledger.balances[invoice.invoice_id] == 0:
        ledger.settled_on[invoice.invoice_id] = on
