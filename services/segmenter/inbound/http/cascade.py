"""The published cascade over HTTP: in force, its revisions, and who is in a segment."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import BaseModel

from services.segmenter.domain.rules.aloud import read_aloud
from services.segmenter.inbound.http.doors import Doors
from services.segmenter.inbound.http.member_answer import MemberAnswer
from services.segmenter.inbound.http.sorting import after_cursor, next_cursor
from services.segmenter.storage.members import BY_ID
from services.segmenter.storage.segment_counts import SegmentCount
from services.segmenter.usecases.read_cascade import Published
from shared.http.answers import MoneyAnswer, instant_text
from shared.http.fields import PathId
from shared.http.pages import Cursor, Limit, Page, decode_cursor, no_cursor, page_of

router = APIRouter(tags=["cascade"])

_HIGHEST = 2**31 - 1


class RuleText(BaseModel):
    """A rule as a person would say it."""

    es: str
    en: str


class SegmentAnswer(BaseModel):
    """A segment of a revision, in priority order from position 1; Default has no rule and comes last."""

    segment_id: str
    name: str
    position: int
    rule: dict[str, Any] | None
    rule_text: RuleText
    flow_id: str | None
    is_default: bool


class CountedSegmentAnswer(SegmentAnswer):
    """The same with whoever is in it now; ``balance`` is their total balance per currency."""

    customers: int
    balance: list[MoneyAnswer]
    counted_at: str


class RevisionHead(BaseModel):
    """What all revisions say."""

    revision: int
    published_at: str
    published_by: str | None
    settings: dict[str, Any]


class CascadeAnswer(RevisionHead):
    """The cascade in force."""

    segments: list[CountedSegmentAnswer]


class EffectAnswer(BaseModel):
    """Whom the refresh of a revision moved, and what they owe, per currency."""

    customers: int
    balance: list[MoneyAnswer]


class RevisionAnswer(RevisionHead):
    """A revision as it was published."""

    segments: list[SegmentAnswer]
    effect: EffectAnswer


@router.get("/cascade")
async def get_cascade(doors: Doors) -> CascadeAnswer:
    """The cascade that customers are judged by, with how many are in each segment."""
    published = await doors.read_cascade.in_force()
    counts, counted_at = published.counts or {}, published.counted_at or published.stored.published_at
    return CascadeAnswer(
        **_head(published),
        segments=[
            CountedSegmentAnswer(**segment, **_counted(counts.get(segment["segment_id"]), counted_at))
            for segment in segment_answers(published)
        ],
    )


@router.get("/cascade/revisions")
async def list_revisions(doors: Doors, cursor: Cursor = None, limit: Limit = 50) -> Page[RevisionAnswer]:
    """Every revision ever published, the newest first."""
    key = decode_cursor(cursor, 1)
    before = key[0] if key else _HIGHEST
    if not isinstance(before, int) or not 0 <= before <= _HIGHEST:
        raise no_cursor()
    found = await doors.read_cascade.page(before, limit)
    return page_of(found, limit, lambda published: (published.stored.revision,), _revision)


@router.get("/cascade/revisions/{revision}")
async def get_revision(revision: Annotated[int, Path(ge=1, le=_HIGHEST)], doors: Doors) -> RevisionAnswer:
    """One revision, as it was published."""
    return _revision(await doors.read_cascade.revision(revision))


@router.get("/cascade/segments/{segment_id}/customers")
async def list_members(
    segment_id: PathId, doors: Doors, cursor: Cursor = None, limit: Limit = 50
) -> Page[MemberAnswer]:
    """Whoever is in a segment, in order of id."""
    found = await doors.find_customers.members(segment_id, after_cursor(cursor, BY_ID, "/query/cursor"), limit)
    items = [MemberAnswer.of(member) for member in found.members]
    return Page(items=items, next_cursor=next_cursor(found.members, BY_ID, limit))


def segment_answers(published: Published) -> list[dict[str, Any]]:
    """The segments of a revision in the words of the contract."""
    return [
        {
            "segment_id": segment.segment_id,
            "name": segment.name,
            "position": position,
            "rule": segment.rule_json,
            "rule_text": read_aloud(segment.rule),
            "flow_id": segment.flow_id,
            "is_default": segment.is_default,
        }
        for position, segment in enumerate(published.cascade.segments, start=1)
    ]


def _counted(count: SegmentCount | None, at: datetime) -> dict[str, Any]:
    known = count or SegmentCount()
    balance = [MoneyAnswer.of(part) for part in known.balance]
    return {"customers": known.customers, "balance": balance, "counted_at": instant_text(at)}


def _revision(published: Published) -> RevisionAnswer:
    segments = [SegmentAnswer(**segment) for segment in segment_answers(published)]
    return RevisionAnswer(**_head(published), segments=segments, effect=EffectAnswer(**published.stored.effect))


def _head(published: Published) -> dict[str, Any]:
    stored = published.stored
    return {
        "revision": stored.revision,
        "published_at": instant_text(stored.published_at),
        "published_by": stored.published_by,
        "settings": stored.settings,
    }
