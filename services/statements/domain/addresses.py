"""Which of a customer's addresses can be written to, and why the others cannot. Source: meaning.md 18 and 45."""

import hashlib
from collections.abc import Container
from dataclasses import dataclass
from typing import Literal

from services.statements.domain.facts import Customer

AddressReason = Literal["suppressed", "placeholder_address"]
NoMailReason = Literal["suppressed", "placeholder_address", "no_address"]


@dataclass(frozen=True)
class Placeholders:
    """What was written to get past a required field: by the part before the @, or by the domain (both lower-case)."""

    local_parts: frozenset[str]
    domains: frozenset[str]


USUAL_PLACEHOLDERS = Placeholders(
    frozenset(
        {
            *("no", "na", "none", "x", "xx", "xxx", "test", "prueba", "noreply", "no-reply"),
            *("noemail", "nomail", "sincorreo", "sinemail", "notiene", "notienecorreo"),
        }
    ),
    frozenset(("example.com", "example.org", "example.net", "noemail.com", "sincorreo.com", "test.com", "prueba.com")),
)
"""Until the segmenter has said which its published cascade has."""


@dataclass(frozen=True)
class Address:
    """An e-mail address of a customer; ``reason`` says why it cannot be used, None when it can."""

    address: str
    reason: AddressReason | None


def normalized(address: str) -> str:
    """Trimmed and lower-cased: two spellings of one address are equal."""
    return address.strip().lower()


def fingerprint(address: str) -> str:
    """The hex SHA-256 of an address, by which suppressions and events name it."""
    return hashlib.sha256(normalized(address).encode()).hexdigest()


def fingerprints_of(customer: Customer) -> set[str]:
    """Those of every address given."""
    return {fingerprint(address) for address in _given(customer)}


def odd_fingerprints_of(customer: Customer) -> list[str]:
    """Those that a database cannot make, as its locale may know A to Z and spaces alone."""
    odd = [one for one in _given(customer) if not one.isascii() or one.strip() != one.strip(" ")]
    return sorted(set(map(fingerprint, odd)))


def addresses_of(customer: Customer, suppressed: Container[str], placeholders: Placeholders) -> list[Address]:
    """``email``, then ``emails``, each once; ``suppressed`` holds fingerprints."""
    given = _given(customer)
    once = {normalized(address): address.strip() for address in reversed(given)}
    ordered = dict.fromkeys(map(normalized, given))
    return [Address(once[key], _reason(key, suppressed, placeholders)) for key in ordered]


def _given(customer: Customer) -> list[str]:
    return [address for address in (customer.email, *customer.emails) if address and address.strip()]


def _reason(address: str, suppressed: Container[str], placeholders: Placeholders) -> AddressReason | None:
    if fingerprint(address) in suppressed:
        return "suppressed"
    local_part, _, domain = address.rpartition("@")
    is_placeholder = local_part in placeholders.local_parts or domain in placeholders.domains
    return "placeholder_address" if is_placeholder else None


def why_none(found: list[Address]) -> NoMailReason | None:
    """Why nothing can be sent to any of them; None if at least one can be used."""
    reasons = {address.reason for address in found}
    if None in reasons:
        return None
    return "suppressed" if "suppressed" in reasons else "placeholder_address" if reasons else "no_address"
