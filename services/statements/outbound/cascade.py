"""The published cascade in statements' own words: an event tells it, and so does the stream of standings."""

from datetime import date
from typing import Any

from services.statements.domain.addresses import USUAL_PLACEHOLDERS, Placeholders
from services.statements.domain.aging import DEFAULT_EDGES
from services.statements.domain.cascade import Cascade
from shared.contracts.segments_v1 import CascadePublished


def cascade_of(told: CascadePublished) -> Cascade:
    """What was published."""
    return Cascade(
        revision=told.revision,
        segment_ids=frozenset(segment.segment_id for segment in told.segments),
        aging_edges=tuple(told.settings.get("aging_edges", DEFAULT_EDGES)),
        holidays=frozenset(date.fromisoformat(day) for day in told.settings.get("holidays", ())),
        placeholders=_placeholders(told.settings.get("contactability")),
    )


def _placeholders(said: Any) -> Placeholders:
    if said is None:
        return USUAL_PLACEHOLDERS
    return Placeholders(frozenset(said["local_parts"]), frozenset(said["domains"]))
