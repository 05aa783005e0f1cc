"""Who stands elsewhere than the cascade says, or has alerts that are due: found by key range, without a lock.

The first half of the day turn, the refresh and a new alert rule. The other half, ``judge_customers``, judges those
customers again under their locks.
"""

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.storage.alert_sql import KNOWN_SQL
from services.segmenter.storage.debt_sql import ONCE, once
from services.segmenter.storage.judging import Judgement

# The range is said of each table, so that each is read in its own order: half the cost of looking every id up.
_WITHIN = " AND ".join(f"{row}.customer_id > :after AND {row}.customer_id <= (SELECT last FROM page)" for row in "mcb")
_FIND = """
WITH page AS MATERIALIZED (
    SELECT count(*) AS seen, max(customer_id) AS last
    FROM (SELECT customer_id FROM membership WHERE customer_id > :after ORDER BY customer_id LIMIT :limit) AS next
)
SELECT (SELECT seen FROM page) AS seen, (SELECT last FROM page) AS last,
    array_agg(customer_id) FILTER (
        WHERE segment_id <> verdict OR aging_bucket <> bucket OR risk_level <> risk OR NOT told OR held <> known
    ) AS found
FROM (
    SELECT customer_id, m.segment_id, m.aging_bucket, m.risk_level, m.told, {segment} AS verdict, {bucket} AS bucket,
        {risk} AS risk, {held} AS held, {known} AS known
    FROM membership m JOIN customers c USING (customer_id) JOIN behaviour b USING (customer_id) {once} WHERE {within}
) AS judged
"""


RANGE = 4000
"""Customers to look through in a transaction: some 25 ms on a quiet machine."""
MOST = 2000
"""Customers to judge in it, so that it stays well under 0.3 s and events hardly wait."""


@dataclass(frozen=True)
class Range:
    """A key range that was looked through: how many customers, the last of them (None: the end), who mismatch."""

    seen: int
    last: str | None
    ids: list[str]


async def find_mismatches(connection: AsyncConnection, by: Judgement, *, after: str, limit: int) -> Range:
    """Look through the next customers after one: fewer, where so many mismatch that judging them would take long."""
    found = await _look(connection, by, after, limit)
    return found if len(found.ids) <= MOST else await _look(connection, by, after, MOST)


async def _look(connection: AsyncConnection, by: Judgement, after: str, limit: int) -> Range:
    what = by.compiled
    statement = _finding(what.segment_sql, what.bucket_sql, what.risk_sql, by.held_sql)
    given = {**what.params, "as_of": by.as_of, "after": after, "limit": limit}
    row = (await connection.execute(statement, given)).one()
    return Range(row.seen, row.last if row.seen == limit else None, row.found or [])


@lru_cache(maxsize=8)
def _finding(segment: str, bucket: str, risk: str, held: str) -> TextClause:
    return text(
        _FIND.format(
            segment=once(segment),
            bucket=once(bucket),
            risk=once(risk),
            held=once(held),
            known=KNOWN_SQL,
            once=ONCE,
            within=_WITHIN,
        )
    )
