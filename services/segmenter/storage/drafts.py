"""The draft: one row that people edit one after another, read and replaced whole."""

from dataclasses import replace

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.draft import Draft, DraftSegment
from services.segmenter.storage.settings_json import settings_json, settings_of

_LOAD = text("SELECT version, settings, segments FROM draft")
_LOCK = text("SELECT version, settings, segments FROM draft FOR UPDATE")
_PUBLISHED = text("SELECT settings, segments FROM revisions JOIN published USING (revision)")
_REVISION = text("SELECT settings, segments FROM revisions WHERE revision = :revision")
_KEEP = text(
    "UPDATE draft SET version = :version, settings = CAST(:settings AS jsonb), segments = CAST(:segments AS jsonb)"
)


async def load_draft(connection: AsyncConnection) -> Draft:
    """The draft as it is now."""
    return _draft((await connection.execute(_LOAD)).one())


async def lock_draft(connection: AsyncConnection) -> Draft:
    """The draft, for this transaction alone."""
    return _draft((await connection.execute(_LOCK)).one())


async def published_draft(connection: AsyncConnection, version: int) -> Draft:
    """What is published, as a draft of this version; the cutoffs that a refresh fixed are left out."""
    return _as_draft(version, (await connection.execute(_PUBLISHED)).one())


async def revision_draft(connection: AsyncConnection, revision: int, version: int) -> Draft | None:
    """What a revision published, in the same way; None where there was no such revision."""
    row = (await connection.execute(_REVISION, {"revision": revision})).one_or_none()
    return _as_draft(version, row) if row else None


async def keep_draft(connection: AsyncConnection, draft: Draft) -> None:
    """Replace the draft."""
    given = {"settings": _json(settings_json(draft.settings)), "segments": _json(segments_json(draft))}
    await connection.execute(_KEEP, {"version": draft.version, **given})


def segments_json(draft: Draft) -> list[dict[str, object]]:
    """Segments as drafts and revisions store them."""
    return [{"segment_id": s.segment_id, "name": s.name, "flow_id": s.flow_id, "rule": s.rule} for s in draft.segments]


def _as_draft(version: int, row: Row[tuple[dict[str, object], list[dict[str, object]]]]) -> Draft:
    segments = tuple(msgspec.convert(segment, DraftSegment) for segment in row.segments)
    return Draft(version, segments, replace(settings_of(row.settings), top_cutoffs={}))


def _draft(row: Row[tuple[int, dict[str, object], list[dict[str, object]]]]) -> Draft:
    segments = tuple(msgspec.convert(segment, DraftSegment) for segment in row.segments)
    return Draft(row.version, segments, settings_of(row.settings))


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
