"""Spanish words for dates, amounts, causes: how the demo's page speaks of customers."""

from datetime import date

_MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")


def day_and_month(on: date) -> str:
    """``" 5 mar"``."""
    return f"{on.day:>2} {_MONTHS[on.month - 1]}"


def pesos(amount: float) -> str:
    """Whole pesos, as ``"1.234.567"``."""
    return f"{round(amount):,}".replace(",", ".")
