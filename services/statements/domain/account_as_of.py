"""A customer's account of one currency as of a day: what was there, what had moved, what was left.

Facts dated later are not there, and what they paid is owed again; balances are those that customers told.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from services.statements.domain.aging import Edges, bucket, bucket_names, days_past_due
from services.statements.domain.facts import Account, Invoice
from shared.basics.money import ZERO

LineStatus = Literal["paid", "pending", "overdue"]


@dataclass(frozen=True, slots=True)
class Movement:
    """What raised (+) or lowered (−) the balance, by the fact's own date."""

    on: date
    kind: Literal["invoice", "payment"]
    id: str
    number: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """One invoice on the statement, as of its day."""

    invoice_id: str
    number: str
    issued_on: date
    due_on: date
    amount: Decimal
    balance: Decimal
    status: LineStatus
    days_past_due: int
    settled_on: date | None


@dataclass(frozen=True)
class AccountAsOf:
    """One currency of an account, as it stood at the end of a day."""

    account: Account
    currency: str
    as_of: date
    edges: Edges

    def lines(self) -> list[Line]:
        """Every invoice, by due date, issue date and id."""
        mine = [
            invoice
            for invoice in self.account.invoices
            if invoice.terms.amount.currency == self.currency and invoice.terms.issued_on <= self.as_of
        ]
        mine.sort(key=lambda invoice: (invoice.terms.due_on, invoice.terms.issued_on, invoice.terms.invoice_id))
        paid_later = self._paid_later()
        return [_line(invoice, paid_later.get(invoice.terms.invoice_id, ZERO), self.as_of) for invoice in mine]

    def _paid_later(self) -> dict[str, Decimal]:
        sums: dict[str, Decimal] = {}
        for part in self.account.applications:
            if part.applied_on > self.as_of:
                sums[part.invoice_id] = sums.get(part.invoice_id, ZERO) + part.amount.amount
        return sums

    def movements(self) -> list[Movement]:
        """Everything that moved the balance, in order of date."""
        issued = [
            Movement(line.issued_on, "invoice", line.invoice_id, line.number, line.amount) for line in self.lines()
        ]
        paid = [
            Movement(payment.paid_on, "payment", payment.payment_id, payment.payment_id, -payment.amount.amount)
            for payment in self.account.payments
            if payment.amount.currency == self.currency and payment.paid_on <= self.as_of
        ]
        return sorted([*issued, *paid], key=lambda movement: (movement.on, movement.kind, movement.id))

    def unapplied_credit(self) -> Decimal:
        """What was paid and is applied to no invoice."""
        paid = [
            payment.amount.amount
            for payment in self.account.payments
            if payment.amount.currency == self.currency and payment.paid_on <= self.as_of
        ]
        applied = [
            part.amount.amount
            for part in self.account.applications
            if part.amount.currency == self.currency and part.applied_on <= self.as_of
        ]
        return sum(paid, ZERO) - sum(applied, ZERO)

    def aging(self, lines: Iterable[Line]) -> tuple[tuple[str, Decimal], ...]:
        """What is open on some lines by bucket, every bucket there."""
        sums = dict.fromkeys(bucket_names(self.edges), ZERO)
        for line in lines:
            sums[bucket(line.days_past_due, self.edges)] += line.balance
        return tuple(sums.items())


def _line(invoice: Invoice, paid_later: Decimal, as_of: date) -> Line:
    terms, balance = invoice.terms, invoice.left + paid_later
    age = days_past_due(terms.due_on, as_of) if balance else 0
    status: LineStatus = "paid" if not balance else "overdue" if age else "pending"
    settled_on = None if balance else invoice.settled_on
    amount = terms.amount.amount
    return Line(terms.invoice_id, terms.number, terms.issued_on, terms.due_on, amount, balance, status, age, settled_on)


def oldest_age(account: Account, as_of: date) -> int:
    """Days past due of the oldest open invoice of any currency; 0 without one."""
    currencies = {invoice.terms.amount.currency for invoice in account.invoices}
    lines = [line for currency in currencies for line in AccountAsOf(account, currency, as_of, (30,)).lines()]
    return max((line.days_past_due for line in lines), default=0)
