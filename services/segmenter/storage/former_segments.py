"""Names of segments that the published cascade no longer has: customers leave them, and the event says from where."""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_NAMES = text(
    """
    SELECT DISTINCT ON (segment_id) segment_id, name
    FROM revisions, jsonb_to_recordset(segments) AS s (segment_id text, name text)
    WHERE segment_id = ANY(CAST(:ids AS text[])) ORDER BY segment_id, revision DESC
    """
)


async def load_former_names(connection: AsyncConnection, ids: Iterable[str]) -> dict[str, str]:
    """The last name of each segment that was ever published."""
    wanted = sorted(ids)
    if not wanted:
        return {}
    return {row.segment_id: row.name for row in await connection.execute(_NAMES, {"ids": wanted})}
