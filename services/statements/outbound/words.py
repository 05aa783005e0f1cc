"""Amounts and dates as people read them. Source: meaning.md 47."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal, get_currency_precision

_USUAL = Locale.parse("es_CO")


def babel_locale(tag: str) -> Locale:
    """The locale of a tag such as ``es-CO``; one that nobody knows speaks as Colombia does."""
    try:
        return Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return _USUAL


def money_words(amount: Decimal, currency: str, locale: Locale) -> str:
    """``COP 1.234,50``, ``COP -1.234,50``: the ISO code, as ``$`` could be many currencies."""
    digits = 0 if get_currency_precision(currency) == 0 else 2
    rounded = amount.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    pattern = "#,##0.00" if digits else "#,##0"
    return f"{currency} {format_decimal(rounded, pattern, locale, group_separator=True)}"


def date_words(day: date) -> str:
    """``31/01/2026``."""
    return f"{day:%d/%m/%Y}"
