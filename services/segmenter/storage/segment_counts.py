"""How many customers are in each segment, and what they owe. Counted: rows of counts would be hot rows."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.basics.money import Money, totals

_COUNT = text(
    """
    SELECT m.segment_id, c.currency, count(*) AS customers, sum(b.total_balance) AS balance
    FROM membership m JOIN customers c USING (customer_id) JOIN behaviour b USING (customer_id)
    GROUP BY m.segment_id, c.currency
    """
)

_MEMBERS = text("SELECT count(*) FROM membership WHERE segment_id = :segment_id")


@dataclass(frozen=True)
class SegmentCount:
    """Customers in a segment, and their total balance per currency."""

    customers: int = 0
    balance: tuple[Money, ...] = ()


async def count_segments(connection: AsyncConnection) -> dict[str, SegmentCount]:
    """Counts by segment id; a segment with nobody is left out."""
    customers: dict[str, int] = defaultdict(int)
    balances: dict[str, list[Money]] = defaultdict(list)
    for row in await connection.execute(_COUNT):
        customers[row.segment_id] += row.customers
        balances[row.segment_id].append(Money(row.balance, row.currency))
    return {segment: SegmentCount(customers[segment], totals(balances[segment])) for segment in customers}


async def count_members(connection: AsyncConnection, segment_id: str) -> int:
    """How many customers are in one segment."""
    count: int = (await connection.execute(_MEMBERS, {"segment_id": segment_id})).scalar_one()
    return count
