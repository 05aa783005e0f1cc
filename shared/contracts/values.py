"""Values that events of several topics share, in wire words."""

from decimal import Decimal

import msgspec

from shared.basics import money
from shared.basics.money import spelled


class Money(msgspec.Struct, frozen=True):
    """``{"amount": "1250000.50", "currency": "COP"}``: exact, at most 4 decimals."""

    amount: Decimal
    currency: str


def wire_money(amount: Decimal, currency: str) -> Money:
    """Money in its one spelling, so that equal amounts give equal bytes."""
    return Money(spelled(amount), currency)


def wire_totals(parts: tuple[money.Money, ...]) -> list[Money]:
    """Totals per currency, as they stand in events."""
    return [wire_money(part.amount, part.currency) for part in parts]
