"""The draft of the cascade over HTTP: what people edit before they refresh."""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Response, status
from pydantic import BaseModel, Field

from services.segmenter.domain import draft as edits
from services.segmenter.domain.draft import Draft, DraftSegment
from services.segmenter.domain.rules.aloud import read_aloud
from services.segmenter.domain.rules.written import rule_json
from services.segmenter.inbound.http.cascade import RuleText, SegmentAnswer
from services.segmenter.inbound.http.doors import Doors
from services.segmenter.inbound.http.preconditions import Conditions, draft_version, version_of
from services.segmenter.inbound.http.settings_body import SettingsBody
from services.segmenter.storage.settings_json import settings_json
from shared.http.access import Who
from shared.http.fields import Body, Id, PathId, ShortText

router = APIRouter(prefix="/cascade/draft", tags=["draft"])


class SegmentBody(Body):
    """A segment: its name, its rule (none for Default), and the flow it points to."""

    name: ShortText
    rule: dict[str, Any] | None = None
    flow_id: Id | None = None


class CopyBody(Body):
    """What the copy is to be called."""

    segment_id: Id
    name: ShortText


class OrderBody(Body):
    """All segments in their new order; Default may be left out, for it stays last."""

    segment_ids: Annotated[list[Id], Field(max_length=1000)]


class RestoreBody(Body):
    """Which revision the draft is to be again."""

    revision: Annotated[int, Field(ge=1, le=2**31 - 1)]


class DraftAnswer(BaseModel):
    """The draft; its ETag is what order, settings and refresh take as ``If-Match``."""

    segments: list[SegmentAnswer]
    settings: dict[str, Any]


@router.get("")
async def get_draft(doors: Doors, response: Response) -> DraftAnswer:
    """The draft as it is now."""
    return await _answer(doors, response, await doors.edit_draft.read())


@router.get("/segments/{segment_id}")
async def get_segment(segment_id: PathId, doors: Doors, response: Response) -> SegmentAnswer:
    """One segment of the draft."""
    return await _segment(doors, response, await doors.edit_draft.read(), segment_id)


@router.put("/segments/{segment_id}", responses={201: {"model": SegmentAnswer}})
async def put_segment(
    segment_id: PathId, body: SegmentBody, conditions: Conditions, doors: Doors, who: Who, response: Response
) -> SegmentAnswer:
    """Add a segment, last before Default, or replace the one of this id."""
    rule = rule_json(await doors.check_rule.of_segment(body.rule)) if body.rule is not None else None
    wanted = DraftSegment(segment_id, body.name, body.flow_id, rule)

    def put(draft: Draft) -> Draft:
        return draft if draft.find(segment_id) == wanted else edits.put_segment(draft, wanted)

    edited = await doors.edit_draft(put, conditions.of_segment(segment_id, wanted), by=who.name)
    if edited.before.find(segment_id) is None:
        response.status_code = status.HTTP_201_CREATED
    return await _segment(doors, response, edited.after, segment_id)


@router.delete("/segments/{segment_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_segment(segment_id: PathId, conditions: Conditions, doors: Doors, who: Who) -> None:
    """Take a segment out of the draft; the preview says where its customers would go."""
    await doors.edit_draft(
        lambda draft: edits.delete_segment(draft, segment_id), conditions.of_segment(segment_id, None), by=who.name
    )


@router.post("/segments/{segment_id}/copy", status_code=status.HTTP_201_CREATED)
async def copy_segment(segment_id: PathId, body: CopyBody, doors: Doors, who: Who, response: Response) -> SegmentAnswer:
    """Add a copy right after a segment."""
    edited = await doors.edit_draft(
        lambda draft: edits.copy_segment(draft, segment_id, body.segment_id, body.name),
        lambda draft: None,
        by=who.name,
    )
    return await _segment(doors, response, edited.after, body.segment_id)


@router.put("/order")
async def put_order(body: OrderBody, conditions: Conditions, doors: Doors, who: Who, response: Response) -> DraftAnswer:
    """Put the segments into another order."""
    edited = await doors.edit_draft(
        lambda draft: edits.reorder(draft, body.segment_ids), conditions.of_draft, by=who.name
    )
    return await _answer(doors, response, edited.after)


@router.put("/settings")
async def put_settings(
    body: SettingsBody, conditions: Conditions, doors: Doors, who: Who, response: Response
) -> DraftAnswer:
    """Replace the settings; what is left out takes its default."""
    settings = body.settings()
    edited = await doors.edit_draft(
        lambda draft: edits.change_settings(draft, settings), conditions.of_draft, by=who.name
    )
    return await _answer(doors, response, edited.after)


@router.post("/discard")
async def discard(conditions: Conditions, doors: Doors, who: Who, response: Response) -> DraftAnswer:
    """Make the draft what is published."""
    return await _answer(doors, response, await doors.edit_draft.discard(conditions.of_draft_if_sent, by=who.name))


@router.post("/restore")
async def restore(body: RestoreBody, conditions: Conditions, doors: Doors, who: Who, response: Response) -> DraftAnswer:
    """Make the draft what a revision published."""
    draft = await doors.edit_draft.restore(body.revision, conditions.of_draft_if_sent, by=who.name)
    return await _answer(doors, response, draft)


async def _answer(doors: Doors, response: Response, draft: Draft) -> DraftAnswer:
    response.headers["ETag"] = draft_version(draft)
    settings = settings_json(replace(draft.settings, top_cutoffs={}))
    return DraftAnswer(segments=await _segments(doors, draft), settings=settings)


async def _segment(doors: Doors, response: Response, draft: Draft, segment_id: str) -> SegmentAnswer:
    response.headers["ETag"] = version_of(draft.get(segment_id))
    return next(segment for segment in await _segments(doors, draft) if segment.segment_id == segment_id)


async def _segments(doors: Doors, draft: Draft) -> list[SegmentAnswer]:
    rules = await doors.check_rule.stored({s.segment_id: s.rule for s in draft.segments})
    return [
        SegmentAnswer(
            segment_id=segment.segment_id,
            name=segment.name,
            position=position,
            rule=segment.rule,
            rule_text=RuleText(**read_aloud(rules[segment.segment_id])),
            flow_id=segment.flow_id,
            is_default=segment.is_default,
        )
        for position, segment in enumerate(draft.segments, start=1)
    ]
