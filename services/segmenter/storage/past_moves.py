"""Every move of one customer from segment to segment, as ``reassign`` recorded them."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_COLUMNS = "at, as_of, from_segment, to_segment, cause, revision"
_ALL = text(f"SELECT {_COLUMNS} FROM moves WHERE customer_id = :customer_id ORDER BY sequence")
_IN_FORCE = text(
    f"""
    SELECT {_COLUMNS} FROM moves WHERE customer_id = :customer_id AND as_of <= CAST(:on AS date)
    ORDER BY sequence DESC LIMIT 1
    """
)


@dataclass(frozen=True)
class PastMove:
    """``at``: business time of the write; ``as_of``: the day judged by; ``from_segment`` is None on registration.

    ``to_segment`` is None on erasure, which can be asked for if its owner was restored to before it.
    """

    at: datetime
    as_of: date
    from_segment: str | None
    to_segment: str | None
    cause: str
    revision: int


async def load_moves(connection: AsyncConnection, customer_id: str) -> list[PastMove]:
    """All moves of a customer, the oldest first."""
    return [PastMove(*row) for row in await connection.execute(_ALL, {"customer_id": customer_id})]


async def load_move_in_force(connection: AsyncConnection, customer_id: str, on: date) -> list[PastMove]:
    """The last move as of a day or before it; empty before the first."""
    rows = await connection.execute(_IN_FORCE, {"customer_id": customer_id, "on": on})
    return [PastMove(*row) for row in rows]
