"""Settings as they are stored, told and published: JSON with the words of the contract."""

from typing import Any

from services.segmenter.domain.settings import Contactability, QuickFilters, Settings
from shared.basics.money import amount_text, parse_amount


def settings_of(stored: dict[str, Any]) -> Settings:
    """Settings from their JSON."""
    quick = dict(stored["quick_filters"])
    cutoffs = quick.pop("top_cutoffs", {})
    contact = stored["contactability"]
    return Settings(
        aging_edges=tuple(stored["aging_edges"]),
        quick_filters=QuickFilters(**quick),
        contactability=Contactability(tuple(contact["local_parts"]), tuple(contact["domains"])),
        top_cutoffs={currency: parse_amount(amount) for currency, amount in cutoffs.items()},
    )


def settings_json(settings: Settings) -> dict[str, Any]:
    """Settings as JSON; the cutoffs only where a refresh has fixed them."""
    quick = settings.quick_filters
    cutoffs = {currency: amount_text(amount) for currency, amount in sorted(settings.top_cutoffs.items())}
    return {
        "aging_edges": list(settings.aging_edges),
        "quick_filters": {
            "top_percentile": quick.top_percentile,
            "top_days": quick.top_days,
            "new_days": quick.new_days,
            "recent_days": quick.recent_days,
            "recurring_months": quick.recurring_months,
            "recurring_at_least": quick.recurring_at_least,
            **({"top_cutoffs": cutoffs} if cutoffs else {}),
        },
        "contactability": {
            "local_parts": list(settings.contactability.local_parts),
            "domains": list(settings.contactability.domains),
        },
    }
