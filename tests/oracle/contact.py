"""Can this customer be reached at all? (meaning.md 18)"""

from tests.oracle.facts import Customer
from tests.oracle.settings import Settings


def contactability_problem(customer: Customer, settings: Settings) -> bool:
    """No usable e-mail, or a phone that is given and is a placeholder."""
    addresses = [address for address in (customer.email, *customer.emails) if address and address.strip()]
    reachable = any(
        not is_placeholder_address(address, settings) and address.strip().lower() not in customer.unreachable
        for address in addresses
    )
    return not reachable or is_placeholder_phone(customer.phone)


def is_placeholder_address(address: str, settings: Settings) -> bool:
    """Written to get past a required field."""
    local_part, _, domain = address.strip().lower().rpartition("@")
    return local_part in settings.placeholder_local_parts or domain in settings.placeholder_domains


def is_placeholder_phone(phone: str | None) -> bool:
    """Fewer than 7 digits, or one digit repeated. No phone at all is no problem."""
    if not phone:
        return False
    digits = [character for character in phone if character.isdigit()]
    return len(digits) < 7 or len(set(digits)) == 1
