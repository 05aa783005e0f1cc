"""Communication flows: what segments point to."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.cascade import Flow

_COLUMNS = "flow_id, name, channels, frequency, content"
_ALL = text(f"SELECT {_COLUMNS} FROM flows")
_CLAIM_ID = text("SELECT pg_advisory_xact_lock(hashtextextended('flow ' || :flow_id, 0))")
_ONE = text(f"SELECT {_COLUMNS} FROM flows WHERE flow_id = :flow_id FOR UPDATE")
_PAGE = text(f"SELECT {_COLUMNS} FROM flows WHERE flow_id > :after ORDER BY flow_id LIMIT :limit")
_HELD = text("SELECT flow_id FROM flows WHERE flow_id = ANY(CAST(:ids AS text[])) ORDER BY flow_id FOR SHARE")
_KEEP = text(
    f"""
    INSERT INTO flows ({_COLUMNS}) VALUES (:flow_id, :name, CAST(:channels AS text[]), :frequency, :content)
    ON CONFLICT (flow_id) DO UPDATE SET
        name = excluded.name, channels = excluded.channels, frequency = excluded.frequency, content = excluded.content
    """
)
_DELETE = text("DELETE FROM flows WHERE flow_id = :flow_id")


async def load_flows(connection: AsyncConnection) -> dict[str, Flow]:
    """All flows by id."""
    return {row.flow_id: _flow(row) for row in await connection.execute(_ALL)}


async def lock_flow(connection: AsyncConnection, flow_id: str) -> Flow | None:
    """A flow, for this transaction alone; so is its id where there is none yet."""
    await connection.execute(_CLAIM_ID, {"flow_id": flow_id})
    row = (await connection.execute(_ONE, {"flow_id": flow_id})).one_or_none()
    return _flow(row) if row else None


async def page_flows(connection: AsyncConnection, after: str, limit: int) -> list[Flow]:
    """Flows in order of id."""
    return [_flow(row) for row in await connection.execute(_PAGE, {"after": after, "limit": limit})]


async def hold_flows(connection: AsyncConnection, ids: Iterable[str]) -> set[str]:
    """Which of these flows exist; they do until the transaction ends."""
    return set((await connection.execute(_HELD, {"ids": sorted(ids)})).scalars())


async def keep_flow(connection: AsyncConnection, flow: Flow) -> None:
    """Create a flow, or replace it."""
    given = {"flow_id": flow.flow_id, "name": flow.name, "channels": list(flow.channels)}
    await connection.execute(_KEEP, {**given, "frequency": flow.frequency, "content": flow.content})


async def delete_flow(connection: AsyncConnection, flow_id: str) -> None:
    """Drop a flow."""
    await connection.execute(_DELETE, {"flow_id": flow_id})


def _flow(row: Row[Any]) -> Flow:
    return Flow(row.flow_id, row.name, tuple(row.channels), row.frequency, row.content)
