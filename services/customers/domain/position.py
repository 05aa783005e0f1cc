"""What a customer owes and has in favour, per currency; currencies are never added to each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shared.basics.ledger.values import Credit, Debt
from shared.basics.money import ZERO


@dataclass(frozen=True)
class Position:
    """One currency. ``overdue_balance`` is the part of ``total_balance`` due before today."""

    currency: str
    total_balance: Decimal
    overdue_balance: Decimal
    unapplied_credit: Decimal


def positions(billing: str, owed: Sequence[Debt], waiting: Sequence[Credit], today: date) -> tuple[Position, ...]:
    """The billing currency first, then every other in which something is open, in order."""
    others = ({debt.currency for debt in owed} | {credit.currency for credit in waiting}) - {billing}
    return tuple(_position(currency, owed, waiting, today) for currency in (billing, *sorted(others)))


def _position(currency: str, owed: Sequence[Debt], waiting: Sequence[Credit], today: date) -> Position:
    debts = [debt for debt in owed if debt.currency == currency]
    return Position(
        currency=currency,
        total_balance=sum((debt.balance for debt in debts), ZERO),
        overdue_balance=sum((debt.balance for debt in debts if debt.due_on < today), ZERO),
        unapplied_credit=sum((credit.left for credit in waiting if credit.currency == currency), ZERO),
    )
