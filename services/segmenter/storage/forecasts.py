"""The portfolio's forecast: who would move on which coming day, worked out range after range and kept as sums.

The row of a forecast under way is its lease: a worker that dies loses it with its connection, and any other goes on
from the watermark. What is under way is not read; when it is done, those before it go.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.storage.coming_days import each_day
from services.segmenter.storage.rule_sql import CompiledCascade
from shared.basics.money import Money

LONGEST_DAYS = 60
"""How many days a forecast looks ahead."""

_BEGIN = text(
    """
    INSERT INTO forecasts (as_of, revision) SELECT turned, revision FROM day_turn CROSS JOIN published
    WHERE done AND turned > DATE '0001-01-01' AND NOT EXISTS (SELECT FROM forecasts f WHERE f.as_of >= turned)
    ON CONFLICT DO NOTHING
    """
)
_CLAIM = text(
    """
    SELECT as_of, revision, watermark FROM forecasts
    WHERE computed_at IS NULL AND as_of = (SELECT max(as_of) FROM forecasts)
        AND EXISTS (SELECT FROM day_turn WHERE done)
    FOR NO KEY UPDATE SKIP LOCKED
    """
)
_ADD = """
WITH page AS MATERIALIZED (
    SELECT customer_id FROM membership WHERE customer_id > :after ORDER BY customer_id LIMIT :limit
), judged AS MATERIALIZED (
    SELECT c.customer_id, c.currency, b.total_balance, asked.day, {segment} AS segment_id
    FROM page JOIN customers c USING (customer_id) JOIN behaviour b USING (customer_id)
        CROSS JOIN LATERAL ({turning}) AS asked
), followed AS (
    SELECT judged.*, lag(segment_id) OVER (PARTITION BY customer_id ORDER BY day) AS before FROM judged
), added AS (
    INSERT INTO forecast_moves AS m (as_of, day, from_segment, to_segment, currency, customers, balance)
    SELECT CAST(:as_of AS date), day, before, segment_id, currency, count(*), sum(total_balance)
    FROM followed WHERE before <> segment_id GROUP BY day, before, segment_id, currency
    ON CONFLICT (as_of, day, from_segment, to_segment, currency) DO UPDATE
        SET customers = m.customers + excluded.customers, balance = m.balance + excluded.balance
)
SELECT count(*) AS seen, max(customer_id) AS last FROM page
"""
_ADVANCE = text("UPDATE forecasts SET watermark = :last WHERE as_of = :as_of")
_FINISH = (
    text("UPDATE forecasts SET computed_at = :now WHERE as_of = :as_of"),
    text("DELETE FROM forecast_moves WHERE as_of < :as_of"),
    text("DELETE FROM forecasts WHERE as_of < :as_of"),
)
_COMPUTED = text("SELECT as_of, computed_at FROM forecasts WHERE computed_at IS NOT NULL ORDER BY as_of DESC LIMIT 1")
_READ = text(
    """
    SELECT day, from_segment, to_segment, currency, customers, balance FROM forecast_moves
    WHERE as_of = :as_of AND day <= CAST(:as_of AS date) + CAST(:days AS int)
    ORDER BY day, from_segment, to_segment, currency
    """
)


@dataclass(frozen=True)
class ForecastJob:
    """A forecast under way: of which day, by which revision; customers up to ``watermark`` are in it."""

    as_of: date
    revision: int
    watermark: str


@dataclass(frozen=True)
class TransitionCount:
    """Customers of one billing currency that would move on a day, and what they owe."""

    on: date
    from_segment: str
    to_segment: str
    customers: int
    balance: Money


async def claim_forecast(connection: AsyncConnection) -> ForecastJob | None:
    """The forecast of the day that was turned last, for this transaction alone, begun if it is new.

    None when it is done, while another worker is at it, and while a day is being turned.
    """
    await connection.execute(_BEGIN)
    row = (await connection.execute(_CLAIM)).one_or_none()
    return ForecastJob(*row) if row else None


async def add_range(
    connection: AsyncConnection, job: ForecastJob, compiled: CompiledCascade, limit: int, now: datetime
) -> bool:
    """Foretell the next customers; whether there may be more."""
    statement = text(_ADD.format(segment=each_day(compiled.segment_sql), turning=compiled.turning_sql))
    given = {"as_of": job.as_of, "days": LONGEST_DAYS, "after": job.watermark, "limit": limit}
    row = (await connection.execute(statement, {**compiled.params, **given})).one()
    if row.seen == limit:
        await connection.execute(_ADVANCE, {"as_of": job.as_of, "last": row.last})
        return True
    for finishing in _FINISH:
        await connection.execute(finishing, {"as_of": job.as_of, "now": now})
    return False


async def load_computed(connection: AsyncConnection) -> tuple[date, datetime] | None:
    """(as of, computed at) of the last complete forecast; None before the first."""
    row = (await connection.execute(_COMPUTED)).one_or_none()
    return (row.as_of, row.computed_at) if row else None


async def load_transitions(connection: AsyncConnection, as_of: date, days: int) -> list[TransitionCount]:
    """What a forecast says of so many days, in order of day and segments."""
    rows = await connection.execute(_READ, {"as_of": as_of, "days": days})
    return [
        TransitionCount(r.day, r.from_segment, r.to_segment, r.customers, Money(r.balance, r.currency)) for r in rows
    ]
