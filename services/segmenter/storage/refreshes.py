"""Refreshes as people ask for them and look at them; ``refresh_job`` carries them out."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_UNDER_WAY = text("SELECT refresh_id FROM refreshes WHERE state IN ('preparing', 'publishing', 'converging')")
_PROGRESS = text(
    """
    SELECT done, total, CAST(extract(epoch FROM clock_timestamp() - created_at) AS float) AS age_seconds
    FROM refreshes WHERE state IN ('preparing', 'publishing', 'converging')
    """
)
_BEGIN = text(
    """
    INSERT INTO refreshes (refresh_id, state, draft, requested_by, total)
    SELECT CAST(:refresh_id AS uuid), 'preparing', CAST(:draft AS jsonb), :requested_by, count(*) FROM membership
    ON CONFLICT DO NOTHING
    RETURNING refresh_id
    """
)
_LOAD = text(
    """
    SELECT refresh_id, state, revision, as_of, done, total, changed, error, created_at, started_at, finished_at,
        extract(epoch FROM clock_timestamp() - started_at) AS seconds
    FROM refreshes WHERE refresh_id = CAST(:refresh_id AS uuid)
    """
)
_CANCEL = text(
    """
    UPDATE refreshes SET state = 'cancelled', finished_at = clock_timestamp()
    WHERE refresh_id = CAST(:refresh_id AS uuid) AND state = 'preparing'
    """
)
_POINTING = text(
    """
    SELECT s.segment_id FROM refreshes, jsonb_to_recordset(draft -> 'segments') AS s (segment_id text, flow_id text)
    WHERE state IN ('preparing', 'publishing', 'converging') AND s.flow_id = :flow_id
    """
)
_CONVERGING = text("SELECT revision, watermark FROM refreshes WHERE state = 'converging'")


@dataclass(frozen=True)
class Refresh:
    """A refresh and how far it is; ``seconds``: machine time since everyone began to be reassigned."""

    refresh_id: str
    state: str
    revision: int | None
    as_of: date | None
    done: int
    total: int
    changed: int
    error: str | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    seconds: float | None

    @property
    def eta_seconds(self) -> float | None:
        """Seconds still to go at the pace so far; None while there is no pace, 0 at the end."""
        if self.finished_at is not None:
            return 0.0
        if not self.done or self.seconds is None:
            return None
        return round((self.total - self.done) * self.seconds / self.done, 1)


async def begin_refresh(
    connection: AsyncConnection, refresh_id: str, draft: dict[str, Any], requested_by: str | None
) -> str | None:
    """Ask for a refresh of this draft; None if one is under way (the database lets in one at a time)."""
    given = {"refresh_id": refresh_id, "draft": msgspec.json.encode(draft).decode(), "requested_by": requested_by}
    begun = (await connection.execute(_BEGIN, given)).scalar_one_or_none()
    return str(begun) if begun else None


async def refresh_under_way(connection: AsyncConnection) -> str | None:
    """The id of the refresh that has not ended."""
    found = (await connection.execute(_UNDER_WAY)).scalar_one_or_none()
    return str(found) if found else None


async def load_refresh(connection: AsyncConnection, refresh_id: str) -> Refresh | None:
    """One refresh."""
    row = (await connection.execute(_LOAD, {"refresh_id": refresh_id})).one_or_none()
    if row is None:
        return None
    seconds = None if row.seconds is None else float(row.seconds)
    return Refresh(**{**row._mapping, "refresh_id": str(row.refresh_id), "seconds": seconds})


@dataclass(frozen=True)
class Progress:
    """How many customers of how many the refresh under way has judged, and how long ago it was asked for."""

    done: int
    total: int
    age_seconds: float


async def load_progress(connection: AsyncConnection) -> Progress | None:
    """How far the refresh under way is."""
    row = (await connection.execute(_PROGRESS)).one_or_none()
    return Progress(*row) if row else None


async def cancel_refresh(connection: AsyncConnection, refresh_id: str) -> bool:
    """End a refresh that has not published yet; whether it was so."""
    return (await connection.execute(_CANCEL, {"refresh_id": refresh_id})).rowcount == 1


async def segments_about_to_point_to(connection: AsyncConnection, flow_id: str) -> list[str]:
    """Segments of the refresh under way that point to a flow."""
    return list((await connection.execute(_POINTING, {"flow_id": flow_id})).scalars())


@dataclass(frozen=True)
class Converging:
    """Customers up to ``watermark`` (id) are judged by the new ``revision`` already."""

    revision: int
    watermark: str


async def load_converging(connection: AsyncConnection) -> Converging | None:
    """The refresh that reassigns everyone just now."""
    row = (await connection.execute(_CONVERGING)).one_or_none()
    return Converging(*row) if row else None
