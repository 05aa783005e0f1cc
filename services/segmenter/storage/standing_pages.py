"""Where everyone stands, page by page in order of id: for hearers of ``segments.v1`` that begin, or were behind."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_PAGE = text(
    """
    SELECT m.customer_id, m.segment_id, m.aging_bucket, m.risk_level, i.epoch, m.sequence
    FROM membership m CROSS JOIN instance i
    WHERE m.customer_id > :after ORDER BY m.customer_id LIMIT :limit
    """
)


@dataclass(frozen=True)
class StandingRow:
    """One customer as hearers keep it; (``epoch``, ``sequence``) is that of the last event told of it."""

    customer_id: str
    segment_id: str
    aging_bucket: str
    risk_level: str
    epoch: int
    sequence: int


async def page_standings(connection: AsyncConnection, after: str, limit: int) -> list[StandingRow]:
    """The next customers after one."""
    return [StandingRow(*row) for row in await connection.execute(_PAGE, {"after": after, "limit": limit})]
