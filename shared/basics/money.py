"""Exact money: decimal amounts of at most 4 decimals, each with its ISO currency. Never a float.

Source: contract.md, *HTTP conventions*; architecture decision 14.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

AMOUNT_PATTERN = re.compile(r"-?\d{1,20}(\.\d{1,4})?", re.ASCII)
CURRENCY_PATTERN = re.compile(r"[A-Z]{3}", re.ASCII)
ZERO = Decimal(0)

_CENTS = Decimal("0.01")


@dataclass(frozen=True, order=True)
class Money:
    """An amount of one currency (ISO 4217 code)."""

    amount: Decimal
    currency: str


def parse_amount(text: str) -> Decimal:
    """Read a decimal string of at most 20 digits and 4 decimals; zero has no sign.

    Raises
    ------
    ValueError
        The text is not such a number.
    """
    if not AMOUNT_PATTERN.fullmatch(text):
        raise ValueError("a decimal string with at most 4 decimals is wanted, such as '1250000.50'")
    return Decimal(text) or ZERO


def amount_text(amount: Decimal) -> str:
    """The one spelling of an amount: plain digits, 2 to 4 decimals (``10`` → ``10.00``)."""
    return f"{spelled(amount):f}"


def spelled(amount: Decimal) -> Decimal:
    """The same amount with the decimals of its one spelling."""
    if amount.same_quantum(_CENTS):
        return amount
    exact = amount.normalize()
    return exact if exact.as_tuple().exponent < -2 else exact.quantize(_CENTS)  # type: ignore[operator]


def totals(parts: Iterable[Money]) -> tuple[Money, ...]:
    """Sum per currency, in order of currency; currencies are never added to each other."""
    sums: dict[str, Decimal] = {}
    for part in parts:
        sums[part.currency] = sums.get(part.currency, ZERO) + part.amount
    return tuple(Money(sums[currency], currency) for currency in sorted(sums))
