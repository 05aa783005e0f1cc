"""The figures of a statement as of a day, from a customer's account. Source: meaning.md 36 to 38.

Full: what was owed at the start of a period, what moved, what is owed now, per currency; proved before it is sent by
independent sums: the movements, and what customers told of balances and of what each credit paid. Overdue: open
invoices of some age alone.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from services.statements.domain.account_as_of import AccountAsOf, Line, Movement
from services.statements.domain.aging import Edges
from services.statements.domain.facts import Account
from services.statements.domain.ledger_as_of import ledger_as_of
from services.statements.domain.rule import Content
from shared.basics.money import ZERO, Money


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


def state(account: Account, content: Content, as_of: date, edges: Edges) -> Statement:
    """The statement that ``content`` asks for; currencies with nothing to say are left out."""
    currencies = sorted(
        {invoice.terms.amount.currency for invoice in account.invoices}
        | {payment.amount.currency for payment in account.payments}
        | {note.amount.currency for note in account.credit_notes}
    )
    ledger = ledger_as_of(account, as_of)
    known = [AccountAsOf(account, currency, ledger, edges) for currency in currencies]
    if content.type == "full":
        start = as_of - timedelta(days=content.paid_within_days or 0)
        found, period = [_full(one, start) for one in known], (start, as_of)
    else:
        found, period = [_overdue(one, content.min_days_overdue or 1) for one in known], None
    return Statement(content, as_of, period, tuple(figures for figures in found if figures.says_something))


def _full(known: AccountAsOf, start: date) -> CurrencyFigures:
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


def _overdue(known: AccountAsOf, at_least: int) -> CurrencyFigures:
    lines = tuple(line for line in known.lines() if line.balance and line.days_past_due >= at_least)
    return CurrencyFigures(
        currency=known.currency,
        total=sum((line.balance for line in lines), ZERO),
        unapplied_credit=known.unapplied_credit(),
        aging=known.aging(lines),
        lines=lines,
    )
