"""The segmenter's published cascade in statements' own words: what runs and letters need of it."""

from dataclasses import dataclass

from services.statements.domain.addresses import USUAL_PLACEHOLDERS, Placeholders
from services.statements.domain.aging import Edges
from services.statements.domain.contact_windows import Holidays


@dataclass(frozen=True)
class Cascade:
    """A revision as far as statements cares; ``segment_ids`` is None until one was heard of.

    Within an epoch a later one has a higher ``revision``; what is read back of it does without.
    """

    segment_ids: frozenset[str] | None
    aging_edges: Edges
    holidays: Holidays = frozenset()
    placeholders: Placeholders = USUAL_PLACEHOLDERS
    revision: int = 0
