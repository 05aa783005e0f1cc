"""What a cascade would do, counted and not done: who would go where, by the expressions that a refresh uses."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.storage.rule_sql import CompiledCascade
from shared.basics.money import Money

_JOINED = "FROM customers c JOIN behaviour b USING (customer_id) JOIN membership m USING (customer_id)"
_FLOWING = """
SELECT segment_id, verdict, currency, count(*) AS customers, sum(total_balance) AS balance
FROM (SELECT m.segment_id, c.currency, b.total_balance, {segment} AS verdict {joined}) AS judged
GROUP BY segment_id, verdict, currency ORDER BY segment_id, verdict, currency
"""
_TAKEN_BY = """
SELECT verdict, count(*) AS customers
FROM (SELECT {segment} AS verdict, {rule} AS matches {joined}) AS judged
WHERE matches GROUP BY verdict ORDER BY customers DESC, verdict
"""


@dataclass(frozen=True)
class Flowing:
    """Customers of one billing currency that stand in one segment and would be in another, or in the same."""

    from_segment: str
    to_segment: str
    customers: int
    balance: Money


async def count_flowing(connection: AsyncConnection, compiled: CompiledCascade, as_of: date) -> list[Flowing]:
    """Everyone, by where they stand and where the cascade would put them."""
    statement = text(_FLOWING.format(segment=compiled.segment_sql, joined=_JOINED))
    rows = await connection.execute(statement, {**compiled.params, "as_of": as_of})
    return [Flowing(row.segment_id, row.verdict, row.customers, Money(row.balance, row.currency)) for row in rows]


async def count_takers(
    connection: AsyncConnection, compiled: CompiledCascade, segment_id: str, as_of: date
) -> dict[str, int]:
    """Whoever matches a segment's rule (Default's: everyone), by the segment that takes them; the largest first."""
    rule = compiled.rule_sqls.get(segment_id, "true")
    statement = text(_TAKEN_BY.format(segment=compiled.segment_sql, rule=rule, joined=_JOINED))
    rows = await connection.execute(statement, {**compiled.params, "as_of": as_of})
    return {row.verdict: row.customers for row in rows}
