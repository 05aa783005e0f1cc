"""Whether a customer can be reached, as SQL. Source: meaning.md 18."""

from services.segmenter.domain.settings import Settings
from services.segmenter.storage.binds import Binds


def contactability_problem(settings: Settings, binds: Binds) -> str:
    """No address is left that is neither a placeholder nor bounced nor complained of, or the phone is a placeholder."""
    local_parts = binds.bind(sorted(settings.contactability.local_parts), "text[]")
    domains = binds.bind(sorted(settings.contactability.domains), "text[]")
    return (
        "(c.phone_is_placeholder OR NOT EXISTS (SELECT FROM unnest(c.addresses) AS a (address)"
        f" WHERE split_part(a.address, '@', 1) <> ALL({local_parts})"
        f" AND split_part(a.address, '@', 2) <> ALL({domains})"
        " AND NOT EXISTS (SELECT FROM contacts k WHERE k.customer_id = c.customer_id AND k.is_unusable"
        " AND k.address_sha256 = encode(sha256(convert_to(a.address, 'UTF8')), 'hex'))))"
    )
