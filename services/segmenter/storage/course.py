"""The course of one customer through the segments, as ``reassign`` recorded it."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.moves import Cause

_ALL = text(
    """
    SELECT at, as_of, from_segment, to_segment, cause, revision FROM moves
    WHERE customer_id = :customer_id ORDER BY sequence
    """
)
_IN_FORCE = text(
    """
    SELECT at, as_of, from_segment, to_segment, cause, revision FROM moves
    WHERE customer_id = :customer_id AND as_of <= :day ORDER BY sequence DESC LIMIT 1
    """
)


@dataclass(frozen=True)
class PastMove:
    """A recorded move: when, as of which day, between which segments (ids), why, and by which revision."""

    at: datetime
    as_of: date
    from_segment: str | None
    to_segment: str | None
    cause: Cause
    revision: int


async def load_course(connection: AsyncConnection, customer_id: str) -> list[PastMove]:
    """Every move of a customer, oldest first."""
    return [PastMove(*row) for row in await connection.execute(_ALL, {"customer_id": customer_id})]


async def load_in_force(connection: AsyncConnection, customer_id: str, day: date) -> list[PastMove]:
    """The move that put the customer where it was at the end of a day; none before its first."""
    rows = await connection.execute(_IN_FORCE, {"customer_id": customer_id, "day": day})
    return [PastMove(*row) for row in rows]
