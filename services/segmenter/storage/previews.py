"""What a cascade would do, counted and not done: who would go where, by the expressions that a refresh uses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.storage.rule_sql import CompiledCascade
from shared.basics.money import Money

_JOINED = "FROM customers c JOIN behaviour b USING (customer_id) JOIN membership m USING (customer_id)"
_TRANSITIONS = """
SELECT segment_id, verdict, currency, count(*) AS customers, sum(total_balance) AS balance
FROM (SELECT m.segment_id, c.currency, b.total_balance, {segment} AS verdict {joined}) AS judged
GROUP BY segment_id, verdict, currency ORDER BY segment_id, verdict, currency
"""
_TAKEN_BY = """
SELECT verdict, {counts} FROM (SELECT {segment} AS verdict, {columns} {joined} WHERE {rules}) AS judged GROUP BY verdict
"""


@dataclass(frozen=True)
class TransitionCount:
    """Customers of one billing currency that stand in one segment and would be in another, or in the same."""

    from_segment: str
    to_segment: str
    customers: int
    balance: Money


async def count_transitions(
    connection: AsyncConnection, compiled: CompiledCascade, as_of: date
) -> list[TransitionCount]:
    """Everyone, by where they stand and where the cascade would put them."""
    statement = text(_TRANSITIONS.format(segment=compiled.segment_sql, joined=_JOINED))
    rows = await connection.execute(statement, {**compiled.params, "as_of": as_of})
    return [
        TransitionCount(row.segment_id, row.verdict, row.customers, Money(row.balance, row.currency)) for row in rows
    ]


async def count_takers(
    connection: AsyncConnection, compiled: CompiledCascade, segment_ids: Sequence[str], as_of: date
) -> dict[str, dict[str, int]]:
    """Whoever matches a segment's rule (Default's: everyone), by the segment that takes them, the largest first."""
    if not segment_ids:
        return {}
    numbered = list(enumerate(segment_ids))
    rules = [compiled.rule_sqls.get(segment_id, "true") for segment_id in segment_ids]
    statement = _TAKEN_BY.format(
        segment=compiled.segment_sql,
        columns=", ".join(f"{rule} AS matches_{n}" for n, rule in enumerate(rules)),
        rules=" OR ".join(rules),
        counts=", ".join(f"count(*) FILTER (WHERE matches_{n}) AS takes_{n}" for n, _ in numbered),
        joined=_JOINED,
    )
    rows = (await connection.execute(text(statement), {**compiled.params, "as_of": as_of})).all()
    return {
        segment_id: _largest_first({row[0]: row[n + 1] for row in rows if row[n + 1]}) for n, segment_id in numbered
    }


def _largest_first(takers: dict[str, int]) -> dict[str, int]:
    return dict(sorted(takers.items(), key=lambda taker: (-taker[1], taker[0])))
