"""Money is exact, and has one spelling."""

from decimal import Decimal

import pytest

from shared.basics.money import Money, amount_text, parse_amount, totals


@pytest.mark.parametrize(
    ("amount", "text"),
    [("10", "10.00"), ("10.5", "10.50"), ("10.1234", "10.1234"), ("0", "0.00"), ("-3", "-3.00"), ("1E+3", "1000.00")],
)
def test_an_amount_has_one_spelling(amount: str, text: str) -> None:
    assert amount_text(Decimal(amount)) == text
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "1.23456", "1e3", "NaN", "1,5", "+1", " 1", "1.", ".5", "٣", "1" * 21])
def test_what_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="decimal string"):
        parse_amount(text)


def test_currencies_are_never_added_to_each_other() -> None:
    parts = [Money(Decimal(1), "USD"), Money(Decimal(5), "COP"), Money(Decimal("0.5"), "USD")]
    assert totals(parts) == (Money(Decimal(5), "COP"), Money(Decimal("1.5"), "USD"))
