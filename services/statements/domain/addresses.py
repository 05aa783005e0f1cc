"""Which of a customer's addresses can be written to, and why the others cannot. Source: meaning.md 18 and 45."""

import hashlib
from collections.abc import Container
from dataclasses import dataclass
from typing import Literal

from services.statements.domain.facts import Customer

AddressReason = Literal["suppressed", "placeholder_address"]
NoMailReason = Literal["suppressed", "placeholder_address", "no_address"]

PLACEHOLDER_LOCAL_PARTS = frozenset(
    {
        *("no", "na", "none", "x", "xx", "xxx", "test", "prueba", "noreply", "no-reply"),
        *("noemail", "nomail", "sincorreo", "sinemail", "notiene", "notienecorreo"),
    }
)
PLACEHOLDER_DOMAINS = frozenset(
    ("example.com", "example.org", "example.net", "noemail.com", "sincorreo.com", "test.com", "prueba.com")
)


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


def addresses_of(customer: Customer, suppressed: Container[str]) -> list[Address]:
    """``email``, then ``emails``, each once; ``suppressed`` holds fingerprints."""
    given = [customer.email, *customer.emails]
    once = {normalized(address): address.strip() for address in reversed(given) if address and address.strip()}
    ordered = dict.fromkeys(normalized(address) for address in given if address and address.strip())
    return [Address(once[key], _reason(key, suppressed)) for key in ordered]


def _reason(address: str, suppressed: Container[str]) -> AddressReason | None:
    if fingerprint(address) in suppressed:
        return "suppressed"
    local_part, _, domain = address.rpartition("@")
    is_placeholder = local_part in PLACEHOLDER_LOCAL_PARTS or domain in PLACEHOLDER_DOMAINS
    return "placeholder_address" if is_placeholder else None


def why_none(found: list[Address]) -> NoMailReason | None:
    """Why nothing can be sent to any of them; None if at least one can be used."""
    reasons = {address.reason for address in found}
    if None in reasons:
        return None
    return "suppressed" if "suppressed" in reasons else "placeholder_address" if reasons else "no_address"
