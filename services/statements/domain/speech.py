"""How to speak to a customer: the language and region of a statement. Source: meaning.md 47.

Statements are in Spanish for now; the region decides how amounts are written.
"""

from services.statements.domain.facts import Customer

_HOME = "CO"


def locale_of(customer: Customer) -> str:
    """``es-CO``: the region is the language tag's if that is Spanish, else the customer's country's, else Colombia."""
    language, *subtags = (customer.language or "").replace("_", "-").split("-")
    tagged = [part.upper() for part in subtags if len(part) == 2 and part.isalpha()]
    if language.lower() == "es" and tagged:
        return f"es-{tagged[0]}"
    country = (customer.country or "").strip().upper()
    return f"es-{country if len(country) == 2 and country.isalpha() else _HOME}"
