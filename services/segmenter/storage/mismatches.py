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
from services.segmenter.storage.planning import plan_for_values

_PAGE = text(
    """
    SELECT count(*) AS seen, max(customer_id) AS last
    FROM (SELECT customer_id FROM membership WHERE customer_id > :after ORDER BY customer_id LIMIT :limit) AS next
    """
)
# Outer joins, although nobody lacks a row: the planner takes two conditions on one range for independent, and of inner
# joins would expect hardly any rows.
_FIND = """
SELECT array_agg(customer_id) FILTER (
    WHERE segment_id <> verdict OR aging_bucket <> bucket OR risk_level <> risk OR NOT told OR held <> known
) FROM (
    SELECT m.customer_id, m.segment_id, m.aging_bucket, m.risk_level, m.told, {segment} AS verdict, {bucket} AS bucket,
        {risk} AS risk, {held} AS held, {known} AS known
    FROM membership m
        LEFT JOIN customers c ON c.customer_id = m.customer_id AND c.customer_id > :after AND c.customer_id <= :last
        LEFT JOIN behaviour b ON b.customer_id = m.customer_id AND b.customer_id > :after AND b.customer_id <= :last
        {once}
    WHERE m.customer_id > :after AND m.customer_id <= :last
) AS judged
"""
_COUNT = text("SELECT count(*) FROM membership WHERE customer_id > :after AND customer_id <= :last")


RANGE = 10_000
"""Customers to look through in a transaction: some 30 ms on a quiet machine."""
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
    page = (await connection.execute(_PAGE, {"after": after, "limit": limit})).one()
    if not page.seen:
        return Range(0, None, [])
    await plan_for_values(connection)
    within = {"after": after, "last": page.last}
    given = {**by.compiled.params, **within, "as_of": by.as_of}
    ids = sorted((await connection.execute(_finding(by), given)).scalar_one() or ())
    if len(ids) <= MOST:
        return Range(page.seen, page.last if page.seen == limit else None, ids)
    within["last"] = ids[MOST - 1]
    return Range((await connection.execute(_COUNT, within)).scalar_one(), within["last"], ids[:MOST])


def _finding(by: Judgement) -> TextClause:
    what = by.compiled
    return _written(what.segment_sql, what.bucket_sql, what.risk_sql, by.held_sql)


@lru_cache(maxsize=8)
def _written(segment: str, bucket: str, risk: str, held: str) -> TextClause:
    return text(
        _FIND.format(
            segment=once(segment),
            bucket=once(bucket),
            risk=once(risk),
            held=once(held),
            known=KNOWN_SQL,
            once=ONCE,
        )
    )
