"""How a customer can be reached, as far as it is known from its attributes alone. Source: meaning.md 18."""

import re
from collections.abc import Iterable

_FEWEST_DIGITS = 7


def addresses(email: str | None, emails: Iterable[str]) -> tuple[str, ...]:
    """Every address given, once each, as addresses are compared: trimmed and lower-cased."""
    given = (address.strip().lower() for address in (email or "", *emails))
    return tuple(dict.fromkeys(address for address in given if address))


def phone_is_placeholder(phone: str | None) -> bool:
    """Whether a phone is given that nobody has: under 7 digits, or one digit repeated."""
    if not phone:
        return False
    digits = re.sub(r"\D", "", phone, flags=re.ASCII)
    return len(digits) < _FEWEST_DIGITS or len(set(digits)) == 1
