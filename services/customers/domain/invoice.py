"""Invoices: one amount due on one date. Amount, currency and issue date never change; the rest may."""

from dataclasses import dataclass
from datetime import date

from services.customers.domain.asked_money import AskedMoney
from services.customers.domain.terms import Terms
from shared.basics.errors import Conflict
from shared.basics.ledger.values import Debt
from shared.basics.money import Money
from shared.basics.pointer import pointer


@dataclass(frozen=True)
class InvoiceLine:
    """One line, for people."""

    description: str
    amount: Money | None = None


@dataclass(frozen=True, kw_only=True)
class Invoice:
    """An invoice as it is."""

    customer_id: str
    invoice_id: str
    issued_on: date
    due_on: date
    amount: Money
    number: str | None = None
    product: str | None = None
    description: str | None = None
    lines: tuple[InvoiceLine, ...] = ()
    voided_on: date | None = None
    void_reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class AskedVoid:
    """An invoice to be taken out of the books; without date today."""

    customer_id: str
    invoice_id: str
    voided_on: date | None = None
    reason: str | None = None


@dataclass(frozen=True)
class DueDate:
    """A due date that an invoice was given, by the event ``seq``."""

    seq: int
    due_on: date


@dataclass(frozen=True)
class Told:
    """The events that told an invoice: every due date it was given, the first one at its issue, and its void."""

    due_dates: tuple[DueDate, ...]
    voided_seq: int | None = None

    @property
    def seq(self) -> int:
        """The event that issued it."""
        return self.due_dates[0].seq

    def changed(self, seq: int, due_on: date) -> "Told":
        """After a change by the event ``seq``: noted only when the due date is another."""
        if due_on == self.due_dates[-1].due_on:
            return self
        return Told((*self.due_dates, DueDate(seq, due_on)), self.voided_seq)


@dataclass(frozen=True)
class KeptInvoice:
    """An invoice as it is kept: with the events that told it and how it stands in the ledger."""

    invoice: Invoice
    told: Told
    debt: Debt


@dataclass(frozen=True)
class AskedLine:
    """A line as a body gives it."""

    description: str
    amount: AskedMoney | None = None


@dataclass(frozen=True, kw_only=True)
class AskedInvoice:
    """An invoice as a body asks for it."""

    customer_id: str
    invoice_id: str
    issued_on: date
    due_on: date
    amount: AskedMoney
    number: str | None = None
    product: str | None = None
    description: str | None = None
    lines: tuple[AskedLine, ...] = ()


def invoice_asked(asked: AskedInvoice, billing_currency: str, stored: Invoice | None) -> Invoice:
    """The invoice that is asked for; lines without currency are in the invoice's. A void one stays void."""
    amount = asked.amount.in_currency(stored.amount.currency if stored else billing_currency)
    return Invoice(
        customer_id=asked.customer_id,
        invoice_id=asked.invoice_id,
        issued_on=asked.issued_on,
        due_on=asked.due_on,
        amount=amount,
        number=asked.number,
        product=asked.product,
        description=asked.description,
        lines=tuple(
            InvoiceLine(line.description, line.amount.in_currency(amount.currency) if line.amount else None)
            for line in asked.lines
        ),
        voided_on=stored.voided_on if stored else None,
        void_reason=stored.void_reason if stored else None,
    )


def check_identity(stored: Invoice, wanted: Invoice) -> None:
    """Refuse (``conflict``) to change what never changes of an invoice."""
    for name in ("amount", "issued_on"):
        if getattr(stored, name) != getattr(wanted, name):
            raise Conflict("conflict", f"{name} of invoice {stored.invoice_id} cannot change")


def check_content(asked: AskedInvoice, terms: Terms) -> None:
    """Refuse currencies the deployment does not know, and an issue date after today."""
    asked.amount.check(terms, "/amount")
    for place, line in enumerate(asked.lines):
        if line.amount is not None:
            line.amount.check(terms, pointer("lines", place, "amount"))
    terms.check_day(asked.issued_on, "/issued_on")
