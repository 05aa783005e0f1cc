"""The refresh as the worker carries it forward: one row, locked for the length of a step.

The row lock is the lease: a worker that dies loses it with its connection, and any other goes on from the watermark.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_CLAIM = text(
    """
    SELECT refresh_id, state, draft, requested_by, revision, watermark, as_of FROM refreshes
    WHERE state IN ('preparing', 'publishing', 'converging') FOR UPDATE SKIP LOCKED
    """
)
_COUNTED = text(
    "UPDATE refreshes SET as_of = :as_of, watermark = :watermark WHERE refresh_id = CAST(:refresh_id AS uuid)"
)
_PREPARED = text(
    """
    UPDATE refreshes SET state = 'publishing', started_at = clock_timestamp(), as_of = :as_of,
        draft = CAST(:draft AS jsonb), total = (SELECT count(*) FROM membership), done = 0, changed = 0
    WHERE refresh_id = CAST(:refresh_id AS uuid)
    """
)
_PUBLISHED = text(
    """
    UPDATE refreshes SET state = 'converging', revision = :revision, watermark = ''
    WHERE refresh_id = CAST(:refresh_id AS uuid)
    """
)
_ADVANCED = text(
    """
    UPDATE refreshes SET done = done + CAST(:seen AS integer), changed = changed + CAST(:changed AS integer),
        total = greatest(total, done + CAST(:seen AS integer)), watermark = CAST(:watermark AS text)
    WHERE refresh_id = CAST(:refresh_id AS uuid)
    """
)
_DONE = text(
    """
    UPDATE refreshes SET state = 'done', total = done, finished_at = clock_timestamp()
    WHERE refresh_id = CAST(:refresh_id AS uuid)
    """
)
_FAILED = text(
    """
    UPDATE refreshes SET state = 'failed', error = :error, finished_at = clock_timestamp()
    WHERE state IN ('preparing', 'publishing')
    """
)


@dataclass(frozen=True)
class RefreshJob:
    """A refresh under way; ``draft`` is what it publishes: ``{"segments": [...], "settings": {...}}``.

    While it prepares, customers up to ``watermark`` are counted as of ``as_of``; while it converges, they are judged.
    """

    refresh_id: str
    state: str
    draft: dict[str, Any]
    requested_by: str | None
    revision: int | None
    watermark: str | None
    as_of: date | None


async def claim_refresh(connection: AsyncConnection) -> RefreshJob | None:
    """The refresh under way, for this transaction alone; None without one, or while another worker is at it."""
    row = (await connection.execute(_CLAIM)).one_or_none()
    return RefreshJob(str(row.refresh_id), *row[1:]) if row else None


async def note_counted(connection: AsyncConnection, job: RefreshJob, watermark: str, as_of: date) -> None:
    """Customers up to this one are counted as of a day; it is still preparing."""
    given = {"refresh_id": job.refresh_id, "watermark": watermark, "as_of": as_of}
    await connection.execute(_COUNTED, given)


async def note_prepared(connection: AsyncConnection, job: RefreshJob, draft: dict[str, Any], as_of: date) -> None:
    """Ready to publish ``draft``, whose settings say the cutoffs now; from here on it cannot be cancelled."""
    given = {"refresh_id": job.refresh_id, "draft": msgspec.json.encode(draft).decode(), "as_of": as_of}
    await connection.execute(_PREPARED, given)


async def note_published(connection: AsyncConnection, job: RefreshJob, revision: int) -> None:
    """Published; customers are reassigned from the first on."""
    await connection.execute(_PUBLISHED, {"refresh_id": job.refresh_id, "revision": revision})


async def note_progress(
    connection: AsyncConnection, job: RefreshJob, *, seen: int, changed: int, watermark: str | None
) -> None:
    """So many more customers were looked at and moved; up to whom, or (None) everyone."""
    given = {"refresh_id": job.refresh_id, "seen": seen, "changed": changed, "watermark": watermark or job.watermark}
    await connection.execute(_ADVANCED, given)
    if watermark is None:
        await connection.execute(_DONE, {"refresh_id": job.refresh_id})


async def note_failed(connection: AsyncConnection, error: str) -> None:
    """What was to be published cannot be; nothing of it was ever seen."""
    await connection.execute(_FAILED, {"error": error})
