"""Why a customer got what it got from a rule on a day, or nothing: what is recorded, put into one word.

Source: contract.md, *why*.
"""

from dataclasses import dataclass
from typing import Literal

from services.statements.domain.audience import Part

Outcome = Literal[
    "sent", "skipped", "failed", "unknown", "under_way", "not_in_audience", "missed", "not_due", "planned"
]

_OF_STATES: dict[str, Outcome] = {
    "planned": "under_way",
    "sending": "under_way",
    "retry_wait": "under_way",
    "skipped": "skipped",
    "failed": "failed",
    "unknown": "unknown",
}


@dataclass(frozen=True, kw_only=True)
class Why:
    """An outcome and its reason. ``evaluated_now``: it is what would be said now, for nothing is recorded of it."""

    outcome: Outcome
    reason: str | None = None
    delivery_id: str | None = None
    period: str | None = None
    evaluated_now: bool = False
    parts: tuple[Part, ...] = ()


def outcome_of(state: str) -> Outcome:
    """What a delivery's state comes to; whatever the gateway took was sent."""
    return _OF_STATES.get(state, "sent")
