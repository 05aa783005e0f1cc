"""The cascade: an ordered list of segments, of which the first that matches takes the customer; Default comes last."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from services.segmenter.domain.rules.tree import Node
from services.segmenter.domain.settings import Settings

DEFAULT_SEGMENT = "default"


@dataclass(frozen=True)
class Flow:
    """The communication flow that a segment points to."""

    flow_id: str
    name: str
    channels: tuple[str, ...] = ()
    frequency: str | None = None
    content: str | None = None


@dataclass(frozen=True)
class Segment:
    """A named rule, as it was written (JSON) and as it was read; Default has none."""

    segment_id: str
    name: str
    flow_id: str | None = None
    rule_json: Any = None
    rule: Node | None = None

    @property
    def is_default(self) -> bool:
        return self.segment_id == DEFAULT_SEGMENT


@dataclass(frozen=True)
class Cascade:
    """A revision: its segments in priority order, Default last, its settings, and the flows segments point to."""

    revision: int
    segments: tuple[Segment, ...]
    settings: Settings
    flows: Mapping[str, Flow] = field(default_factory=dict)

    def has(self, segment_id: str) -> bool:
        """Whether a segment is in it."""
        return any(segment.segment_id == segment_id for segment in self.segments)
