"""Where everyone stands, page by page in order of id, for hearers of ``segments.v1`` that begin or were cut off."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_PAGE = text(
    """
    SELECT customer_id, segment_id, aging_bucket, risk_level, epoch, sequence
    FROM membership CROSS JOIN instance
    WHERE told AND customer_id > :after ORDER BY customer_id LIMIT :limit
    """
)


@dataclass(frozen=True)
class StandingLine:
    """Where a customer stands, with the highest sequence told of it: a hearer takes no older event after this."""

    customer_id: str
    segment_id: str
    aging_bucket: str
    risk_level: str
    epoch: int
    sequence: int


async def load_lines(connection: AsyncConnection, after: str, limit: int) -> list[StandingLine]:
    """The next customers after an id; whom nothing was told of yet (a history load) is left out."""
    rows = await connection.execute(_PAGE, {"after": after, "limit": limit})
    return [StandingLine(*row) for row in rows]
