"""The one locked routine that puts customers where the cascade says: for events, day turn, refresh and history alike.

Lock the membership rows in order of customer, judge by a statement of its own (so that it sees what others committed
while we waited for the locks), write only what changed. A judging from an older snapshot would overwrite events.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.moves import Cause, Move
from services.segmenter.storage.judging import Judgement
from shared.basics.money import Money

_LOCK = text(
    """
    SELECT 1 FROM membership WHERE customer_id = ANY(CAST(:ids AS text[])) ORDER BY customer_id FOR UPDATE
    """
)
_JUDGE = """
WITH verdict AS MATERIALIZED (
    SELECT c.customer_id, c.currency, b.total_balance, {segment} AS segment_id, {bucket} AS aging_bucket,
        {risk} AS risk_level, {score} AS score
    FROM customers c JOIN behaviour b USING (customer_id)
    WHERE c.customer_id = ANY(CAST(:ids AS text[]))
        AND NOT EXISTS (SELECT FROM history_pending p WHERE p.customer_id = c.customer_id)
), moved AS MATERIALIZED (
    SELECT v.*, m.aging_bucket AS from_bucket, m.risk_level AS from_risk, m.sequence + 1 AS first,
        CASE WHEN m.told THEN m.segment_id END AS from_segment,
        (NOT m.told OR m.segment_id <> v.segment_id) AS changes_segment
    FROM verdict v JOIN membership m USING (customer_id)
    WHERE NOT m.told OR m.segment_id <> v.segment_id OR m.aging_bucket <> v.aging_bucket
        OR m.risk_level <> v.risk_level
), assigned AS (
    UPDATE membership m SET segment_id = n.segment_id, aging_bucket = n.aging_bucket, risk_level = n.risk_level,
        told = true,
        since = CASE WHEN n.changes_segment THEN CAST(:now AS timestamptz) ELSE m.since END,
        revision = :revision, as_of = CAST(:as_of AS date),
        sequence = m.sequence + n.changes_segment::int + (n.from_bucket <> n.aging_bucket)::int
            + (n.from_risk <> n.risk_level)::int
    FROM moved n WHERE m.customer_id = n.customer_id
), recorded AS (
    INSERT INTO moves (customer_id, sequence, at, as_of, from_segment, to_segment, cause, revision)
    SELECT customer_id, first, CAST(:now AS timestamptz), CAST(:as_of AS date), from_segment, segment_id,
        CAST(:cause AS text), CAST(:revision AS integer)
    FROM moved WHERE changes_segment ORDER BY customer_id
)
SELECT customer_id, first, from_segment, segment_id, from_bucket, aging_bucket, from_risk, risk_level, score,
    total_balance, currency
FROM moved ORDER BY customer_id
"""


async def reassign(
    connection: AsyncConnection, ids: Iterable[str], by: Judgement, *, cause: Cause, now: datetime
) -> list[Move]:
    """Judge known customers; the changes, in order of customer. Who waits for a history load to pause is left out."""
    given = {"ids": sorted(ids)}
    if not given["ids"]:
        return []
    await connection.execute(_LOCK, given)
    rows = await connection.execute(
        _judging(by.compiled.segment_sql, by.compiled.bucket_sql, by.compiled.risk_sql, by.compiled.score_sql),
        {**by.compiled.params, **given, "as_of": by.as_of, "now": now, "revision": by.revision, "cause": cause},
    )
    return [
        Move(name, first, from_id, to_id, from_bucket, bucket, from_risk, risk, score, Money(balance, currency))
        for name, first, from_id, to_id, from_bucket, bucket, from_risk, risk, score, balance, currency in rows
    ]


@lru_cache(maxsize=8)
def _judging(segment: str, bucket: str, risk: str, score: str) -> TextClause:
    """The statement of a cascade: reading thousands of characters for their parameters costs more than one event."""
    return text(_JUDGE.format(segment=segment, bucket=bucket, risk=risk, score=score))
