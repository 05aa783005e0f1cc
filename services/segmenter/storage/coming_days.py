"""How one customer's segment changes as days go by and nothing happens: judged on each day on which it can change.

The expressions are those that judge the present; the day they are of becomes a column. Source: meaning.md 29.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.storage.binds import AS_OF, cached_text
from services.segmenter.storage.past import NOW, Past
from services.segmenter.storage.rule_sql import CompiledCascade

_DAY = "asked.day"
_CHANGES = """
{past}
SELECT day, before, segment_id FROM (
    SELECT day, segment_id, lag(segment_id) OVER (ORDER BY day) AS before FROM (
        SELECT asked.day, {segment} AS segment_id
        FROM customers c JOIN behaviour b USING (customer_id)
            CROSS JOIN LATERAL ({turning}) AS asked
        WHERE c.customer_id = :customer_id OFFSET 0
    ) AS judged
) AS followed
WHERE before <> segment_id ORDER BY day
"""


@dataclass(frozen=True)
class Coming:
    """A change of segment by time alone: on which day, from which segment, to which."""

    on: date
    from_segment: str
    to_segment: str


def each_day(sql: str) -> str:
    """An expression of ``:as_of``, made one of the column ``asked.day``."""
    return sql.replace(AS_OF, _DAY)


async def load_coming(
    connection: AsyncConnection,
    customer_id: str,
    compiled: CompiledCascade,
    as_of: date,
    *,
    days: int,
    past: Past = NOW,
) -> list[Coming]:
    """Every change of a customer's segment in so many days after one, if nothing happens; the first comes first."""
    segment, turning = each_day(compiled.segment_sql), compiled.turning_sql
    statement = cached_text(_CHANGES.format(past=past.with_sql, segment=segment, turning=turning))
    given = {"as_of": as_of, "days": days, "customer_id": customer_id}
    rows = await connection.execute(statement, {**compiled.params, **past.params, **given})
    return [Coming(*row) for row in rows]
