"""How people in Colombia read an amount, written down once more: ``1.234,50``."""

from decimal import Decimal


def amount_in_colombia(amount: Decimal) -> str:
    """Points between thousands, a comma before two decimals."""
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
