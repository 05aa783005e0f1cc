"""Languages, regions, amounts and dates to the letter of meaning.md 47."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from string import Formatter

import pytest

from services.statements.domain.facts import Customer
from services.statements.domain.speech import locale_of
from services.statements.outbound.languages.phrases import Counted
from services.statements.outbound.languages.spoken import phrases_of
from services.statements.outbound.words import date_words, money_words


@pytest.mark.parametrize(
    ("language", "country", "locale"),
    [
        ("es-MX", "CO", "es-MX"),
        ("es", "PE", "es-PE"),
        ("es", None, "es-CO"),
        (None, "CL", "es-CL"),
        (None, None, "es-CO"),
        ("es-Latn-AR", None, "es-AR"),
        ("es-419", "MX", "es-MX"),
        ("es_uy", None, "es-UY"),
        ("pt-BR", None, "pt-BR"),
        ("PT", None, "pt-BR"),
        ("pt", "CO", "pt-CO"),
        ("en", None, "en-US"),
        ("en-GB", "CO", "en-GB"),
        ("en-US-u-ca-gregory", None, "en-US"),
        ("en-u-ca-gregory", None, "en-US"),
        ("fr-CA", None, "es-CA"),
        ("fr", "PA", "es-PA"),
        ("??", "Colombia", "es-CO"),
    ],
)
def test_language_and_region_of_a_customer(language: str | None, country: str | None, locale: str) -> None:
    assert locale_of(Customer(type="person", name="Ana", language=language, country=country)) == locale


@pytest.mark.parametrize(
    ("locale", "amount", "currency", "words"),
    [
        ("es-CO", "1234567.5", "COP", "COP 1.234.567,50"),
        ("es-CO", "1234.5", "COP", "COP 1.234,50"),
        ("es-CL", "1234.5", "CLP", "CLP 1.235"),
        ("es-AR", "-0.005", "ARS", "ARS -0,01"),
        ("es-AR", "-0.004", "ARS", "ARS 0,00"),
        ("es-UY", "-1234.5", "UYU", "UYU -1.234,50"),
        ("es-MX", "1234.5", "MXN", "MXN 1,234.50"),
        ("es-PE", "1234.5", "PEN", "PEN 1,234.50"),
        ("es-PA", "1234.5", "USD", "USD 1,234.50"),
        ("es-US", "1234.5", "USD", "USD 1,234.50"),
        ("es-ZZ", "1234.5", "USD", "USD 1.234,50"),
        ("es-CR", "1234.5", "CRC", "CRC 1.234,50"),
        ("pt-BR", "1234.5", "BRL", "BRL 1.234,50"),
        ("pt-PT", "1234.5", "EUR", "EUR 1.234,50"),
        ("pt-MX", "1234.5", "MXN", "MXN 1.234,50"),
        ("en-US", "-1234.5", "USD", "USD -1,234.50"),
        ("en-ZA", "1234.5", "ZAR", "ZAR 1,234.50"),
        ("en-CO", "99999999999999999999.9999", "COP", "COP 100,000,000,000,000,000,000.00"),
    ],
)
def test_amounts_are_written_as_the_region_does(locale: str, amount: str, currency: str, words: str) -> None:
    assert money_words(Decimal(amount), currency, locale) == words


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("es-MX", "02/03/2026"),
        ("pt-BR", "02/03/2026"),
        ("en-US", "March 2, 2026"),
        ("en-GB", "2 March 2026"),
        ("en-CO", "March 2, 2026"),
    ],
)
def test_dates_are_written_as_the_language_does(locale: str, words: str) -> None:
    assert date_words(date(2026, 3, 2), locale) == words


def test_a_year_has_four_digits() -> None:
    assert date_words(date(202, 3, 2), "es-CO") == "02/03/0202"


@pytest.mark.parametrize("language", ["pt-BR", "en-US"])
def test_every_language_fills_in_what_spanish_does(language: str) -> None:
    spanish, other = phrases_of("es-CO"), phrases_of(language)
    for field in fields(spanish):
        wanted, found = getattr(spanish, field.name), getattr(other, field.name)
        assert _blanks(found) == _blanks(wanted), field.name


def _blanks(phrase: object) -> object:
    if isinstance(phrase, Counted):
        return [_blanks(phrase.one), _blanks(phrase.many)]
    if isinstance(phrase, dict):
        return {key: _blanks(value) for key, value in phrase.items()}
    return sorted(name for _, name, _, _ in Formatter().parse(str(phrase)) if name)
