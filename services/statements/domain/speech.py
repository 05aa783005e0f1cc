"""How to speak to a customer: the language and region of a statement. Source: meaning.md 47."""

from itertools import takewhile

from services.statements.domain.facts import Customer

HOMES = {"es": "CO", "pt": "BR", "en": "US"}
"""The languages statements are written in, each with the region it has where none is known."""

_USUAL = "es"


def locale_of(customer: Customer) -> str:
    """``es-CO``: the language of the customer's tag or Spanish; the tag's region, else its country, else a home."""
    primary, *subtags = (customer.language or "").strip().replace("_", "-").split("-")
    language = primary.lower() if primary.lower() in HOMES else _USUAL
    tagged = [part for part in takewhile(lambda part: len(part) > 1, subtags) if _is_region(part)]
    country = (customer.country or "").strip()
    region = tagged[0] if tagged else country if _is_region(country) else HOMES[language]
    return f"{language}-{region.upper()}"


def _is_region(text: str) -> bool:
    return len(text) == 2 and text.isascii() and text.isalpha()
