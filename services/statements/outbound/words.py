"""Amounts and dates as people of a locale (``es-CO``) read them. Source: meaning.md 47."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import get_currency_precision

_DECIMALS = {"pt": ",", "en": "."}
"""Spanish is written in two ways, by region."""
_SWAPPED = str.maketrans(",.", ".,")


def money_words(amount: Decimal, currency: str, locale: str) -> str:
    """``COP 1.234,50``, ``COP -1.234,50``: the ISO code, as ``$`` could be many currencies."""
    unit = _smallest_unit(currency)
    english = f"{amount.quantize(unit, ROUND_HALF_UP) + 0:,f}"  # + 0: no minus before a zero
    if _decimal_mark(locale) == ",":
        english = english.translate(_SWAPPED)
    return f"{currency} {english}"


def date_words(day: date, locale: str) -> str:
    """``31/01/2026``; in English ``January 31, 2026``."""
    if locale.startswith("en"):
        return format_date(day, "long", _babel_locale(locale) or Locale("en"))
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


@cache
def _smallest_unit(currency: str) -> Decimal:
    """That is written: a hundredth, or a whole one where there are no others."""
    return Decimal(1) if get_currency_precision(currency) == 0 else Decimal("0.01")


@cache
def _decimal_mark(locale: str) -> str:
    known = _babel_locale(locale)
    mark: str = _DECIMALS.get(locale[:2]) or (known.number_symbols["latn"]["decimal"] if known else ",")
    return mark


@cache
def _babel_locale(locale: str) -> Locale | None:
    """None for a region that nobody is known to speak the language in."""
    try:
        return Locale.parse(locale, sep="-")
    except (ValueError, UnknownLocaleError):
        return None
