"""The figures of a statement as of a day, from a customer's account. Source: meaning.md 36 to 38.

Full: what was owed at the start of a period, what moved, what is owed now, per currency; proved before it is sent by
two independent sums: the movements, and the balances that customers told. Overdue: open invoices of some age alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from services.statements.domain.aging import Edges, bucket, bucket_names, days_past_due
from services.statements.domain.facts import Account, Invoice
from services.statements.domain.rule import Content
from shared.basics.money import ZERO, Money

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


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyFigures:
    """One currency. Overdue statements have no opening, movements or closing."""

    currency: str
    total: Decimal
    unapplied_credit: Decimal
    aging: tuple[tuple[str, Decimal], ...]
    lines: tuple[Line, ...]
    opening: Decimal | None = None
    movements: tuple[Movement, ...] | None = None
    closing: Decimal | None = None

    @property
    def owed(self) -> Decimal:
        """What the statement says in one figure: its closing if it is full, else its total."""
        return self.total if self.closing is None else self.closing

    @property
    def says_something(self) -> bool:
        """Whether there is a line, a movement, a balance or credit; overdue: a line."""
        if self.closing is None:
            return bool(self.lines)
        return bool(self.lines or self.movements or self.opening or self.closing or self.unapplied_credit)

    @property
    def reconciles(self) -> bool:
        """Opening + movements = closing = sum of the buckets − credit in favour."""
        if self.closing is None or self.opening is None or self.movements is None:
            return self.total == sum(amount for _, amount in self.aging)
        moved = self.opening + sum((movement.amount for movement in self.movements), ZERO)
        aged = sum((amount for _, amount in self.aging), ZERO)
        return moved == self.closing == aged - self.unapplied_credit


@dataclass(frozen=True, slots=True)
class Statement:
    """All figures of a customer as of a day. ``period`` is both days included, None when overdue."""

    content: Content
    as_of_date: date
    period: tuple[date, date] | None
    currencies: tuple[CurrencyFigures, ...]

    @property
    def says_something(self) -> bool:
        return bool(self.currencies)

    @property
    def reconciles(self) -> bool:
        return all(figures.reconciles for figures in self.currencies)

    @property
    def totals(self) -> tuple[Money, ...]:
        """Each currency's closing (full) or total (overdue)."""
        return tuple(Money(figures.owed, figures.currency) for figures in self.currencies)


@dataclass(frozen=True)
class _Known:
    """The account of one currency as of a day: facts dated later are not there, what they paid is owed again."""

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


def state(account: Account, content: Content, as_of: date, edges: Edges) -> Statement:
    """The statement that ``content`` asks for; currencies with nothing to say are left out."""
    currencies = sorted(
        {invoice.terms.amount.currency for invoice in account.invoices}
        | {payment.amount.currency for payment in account.payments}
    )
    known = [_Known(account, currency, as_of, edges) for currency in currencies]
    if content.type == "full":
        start = as_of - timedelta(days=content.paid_within_days or 0)
        found, period = [_full(one, start) for one in known], (start, as_of)
    else:
        found, period = [_overdue(one, content.min_days_overdue or 1) for one in known], None
    return Statement(content, as_of, period, tuple(figures for figures in found if figures.says_something))


def _full(known: _Known, start: date) -> CurrencyFigures:
    every_line, everything = known.lines(), known.movements()
    unpaid = [line for line in every_line if line.balance]
    return CurrencyFigures(
        currency=known.currency,
        total=sum((line.balance for line in unpaid), ZERO),
        unapplied_credit=known.unapplied_credit(),
        aging=known.aging(unpaid),
        lines=tuple(line for line in every_line if line.balance or (line.settled_on and line.settled_on >= start)),
        opening=sum((movement.amount for movement in everything if movement.on < start), ZERO),
        movements=tuple(movement for movement in everything if movement.on >= start),
        closing=sum((movement.amount for movement in everything), ZERO),
    )


def _overdue(known: _Known, at_least: int) -> CurrencyFigures:
    lines = tuple(line for line in known.lines() if line.balance and line.days_past_due >= at_least)
    return CurrencyFigures(
        currency=known.currency,
        total=sum((line.balance for line in lines), ZERO),
        unapplied_credit=known.unapplied_credit(),
        aging=known.aging(lines),
        lines=lines,
    )


def oldest_age(account: Account, as_of: date) -> int:
    """Days past due of the oldest open invoice of any currency; 0 without one."""
    currencies = {invoice.terms.amount.currency for invoice in account.invoices}
    lines = [line for currency in currencies for line in _Known(account, currency, as_of, (30,)).lines()]
    return max((line.days_past_due for line in lines), default=0)
