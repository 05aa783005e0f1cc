"""The draft of the cascade, and the edits people make to it: each takes a draft and gives another.

Rules stay as they were written (JSON); whether they can be read is checked before they come here. Nothing of a draft
reaches a customer before a refresh publishes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from unicodedata import normalize

from services.segmenter.domain.cascade import DEFAULT_SEGMENT
from services.segmenter.domain.settings import Settings
from shared.basics.errors import Conflict, Missing, mistake


@dataclass(frozen=True)
class DraftSegment:
    """A segment as it is edited; Default has no rule."""

    segment_id: str
    name: str
    flow_id: str | None
    rule: Any | None

    @property
    def is_default(self) -> bool:
        return self.segment_id == DEFAULT_SEGMENT


@dataclass(frozen=True)
class Draft:
    """Segments in priority order, Default last, and settings; ``version`` rises with every edit."""

    version: int
    segments: tuple[DraftSegment, ...]
    settings: Settings

    def says_the_same(self, other: "Draft") -> bool:
        """Whether an edit has changed nothing, whatever the version."""
        return (self.segments, self.settings) == (other.segments, other.settings)

    def find(self, segment_id: str) -> DraftSegment | None:
        """The segment of this id."""
        return next((segment for segment in self.segments if segment.segment_id == segment_id), None)

    def get(self, segment_id: str) -> DraftSegment:
        """The segment of this id.

        Raises
        ------
        Missing
            The draft has none.
        """
        found = self.find(segment_id)
        if found is None:
            raise Missing("unknown_segment", f"the draft has no segment {segment_id}")
        return found


def put_segment(draft: Draft, segment: DraftSegment) -> Draft:
    """Add a segment, last before Default, or replace the one of its id where it stands.

    Raises
    ------
    Conflict
        Default was given a rule, or the name is taken (ignoring case).
    BadInput
        A segment other than Default has no rule.
    """
    if segment.is_default and segment.rule is not None:
        raise Conflict("default_segment", "the Default segment takes whoever no other segment matches; it has no rule")
    if not segment.is_default and segment.rule is None:
        raise mistake("/rule", "required", "a segment needs a rule")
    _check_name(draft, segment)
    if draft.find(segment.segment_id):
        same = tuple(segment if s.segment_id == segment.segment_id else s for s in draft.segments)
        return _edited(draft, same)
    return _edited(draft, (*draft.segments[:-1], segment, draft.segments[-1]))


def copy_segment(draft: Draft, segment_id: str, new_id: str, name: str) -> Draft:
    """Add a copy of a segment right after it."""
    original = draft.get(segment_id)
    if original.is_default:
        raise Conflict("default_segment", "the Default segment has no rule that could be copied")
    if draft.find(new_id):
        raise Conflict("segment_exists", f"the draft has a segment {new_id} already", segment_id=new_id)
    copied = replace(original, segment_id=new_id, name=name)
    _check_name(draft, copied)
    at = draft.segments.index(original) + 1
    return _edited(draft, (*draft.segments[:at], copied, *draft.segments[at:]))


def delete_segment(draft: Draft, segment_id: str) -> Draft:
    """Take a segment out."""
    if draft.get(segment_id).is_default:
        raise Conflict("default_segment", "the Default segment cannot be deleted")
    return _edited(draft, tuple(s for s in draft.segments if s.segment_id != segment_id))


def reorder(draft: Draft, segment_ids: Sequence[str]) -> Draft:
    """Put all segments into this order; Default may be named last, or left out.

    Raises
    ------
    BadInput
        An id is unknown, named twice or left out.
    Conflict
        Default would not be last.
    """
    movable = [segment.segment_id for segment in draft.segments[:-1]]
    wanted = list(segment_ids)
    if DEFAULT_SEGMENT in wanted[:-1]:
        raise Conflict("default_segment", "the Default segment stays last")
    wanted = [segment_id for segment_id in wanted if segment_id != DEFAULT_SEGMENT]
    for index, segment_id in enumerate(wanted):
        if segment_id not in movable:
            raise mistake(f"/segment_ids/{index}", "unknown_segment", f"the draft has no segment {segment_id}")
        if segment_id in wanted[:index]:
            raise mistake(f"/segment_ids/{index}", "repeated", f"{segment_id} is named twice")
    left_out = [segment_id for segment_id in movable if segment_id not in wanted]
    if left_out:
        raise mistake("/segment_ids", "incomplete", f"these are left out: {', '.join(left_out)}")
    return _edited(draft, (*(draft.get(segment_id) for segment_id in wanted), draft.segments[-1]))


def change_settings(draft: Draft, settings: Settings) -> Draft:
    """Replace the settings."""
    return replace(draft, version=draft.version + 1, settings=settings)


def _check_name(draft: Draft, wanted: DraftSegment) -> None:
    for segment in draft.segments:
        if segment.segment_id != wanted.segment_id and _name_key(segment.name) == _name_key(wanted.name):
            detail = f"the segment {segment.segment_id} is called {segment.name} already"
            raise Conflict("name_taken", detail, segment_id=segment.segment_id)


def _name_key(name: str) -> str:
    """What of a name is compared: not its case, nor how its accents are coded, nor blanks around it."""
    return normalize("NFC", normalize("NFC", name.strip()).casefold())


def _edited(draft: Draft, segments: tuple[DraftSegment, ...]) -> Draft:
    return replace(draft, version=draft.version + 1, segments=segments)
