"""Settings as they are stored, told and published: JSON with the words of the contract."""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from services.segmenter.domain.settings import Contactability, QuickFilters, Risk, Settings
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
        risk=msgspec.convert(stored["risk"], Risk, strict=False),
        holidays=tuple(date.fromisoformat(day) for day in stored["holidays"]),
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
        "risk": _risk_json(settings.risk),
        "holidays": [day.isoformat() for day in settings.holidays],
    }


def _risk_json(risk: Risk) -> dict[str, Any]:
    """Decimal thresholds are decimal strings."""
    return {
        "grace_days": risk.grace_days,
        "high": _texts(asdict(risk.high)),
        "low": _texts(asdict(risk.low)),
        "score": _texts(asdict(risk.score)) if risk.score else None,
    }


def _texts(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: f"{value.normalize():f}" if isinstance(value, Decimal) else value for name, value in fields.items()}
