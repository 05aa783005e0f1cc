"""From which amount a customer is *top*: the discrete percentile per billing currency. Source: meaning.md 20.

A preview counts everyone in one query. A refresh counts in ranges of customers, so that none of its transactions is
long: what is counted so far stands in ``top_amounts``, one row an amount.
"""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.settings import Settings
from services.segmenter.storage.binds import counted
from services.segmenter.storage.observation_sql import next_range
from services.segmenter.storage.planning import plan_for_values
from services.segmenter.storage.settings_json import settings_json, settings_of

# The ``OFFSET 0`` keeps the planner from looking into the days again for each use of what was paid.
_AMOUNTS = """
SELECT currency, paid, count(*) AS customers
FROM (SELECT c.currency COLLATE "C" AS currency, CASE WHEN b.amount_paid > 0 THEN {paid} END AS paid
      FROM customers c LEFT JOIN behaviour b ON b.customer_id = c.customer_id {behaviour} {customers}
      OFFSET 0) AS amounts
WHERE paid > 0 GROUP BY currency, paid
"""
# From the highest amount down: the first at which more than the share above the percentile is reached. Whole numbers,
# because percentile_disc takes its share as a double: 0.55 of 100 customers would be the 56th.
_CUTOFFS = """
SELECT currency, (
    SELECT paid FROM (
        SELECT paid, sum(customers) OVER (ORDER BY paid DESC ROWS UNBOUNDED PRECEDING) AS reached
        FROM {amounts} AS a WHERE a.currency = t.currency) AS down
    WHERE reached * 100 > total * (100 - CAST(:percentile AS integer)) ORDER BY paid DESC LIMIT 1) AS cutoff
FROM (SELECT currency, sum(customers) AS total FROM {amounts} AS a GROUP BY currency) AS t
"""
# Of both tables, so that each is read in its own order; for the outer join see ``mismatches``.
_WITHIN = {
    "behaviour": "AND b.customer_id > :after AND b.customer_id <= :last",
    "customers": "WHERE c.customer_id > :after AND c.customer_id <= :last",
}
_EVERYONE = {"behaviour": "", "customers": ""}
_COUNT = """
INSERT INTO top_amounts AS a (currency, paid, customers) {amounts} ORDER BY currency, paid
ON CONFLICT (currency, paid) DO UPDATE SET customers = a.customers + excluded.customers
"""
_FORGET = text(
    """
    DELETE FROM top_amounts WHERE (currency, paid) IN (SELECT currency, paid FROM top_amounts LIMIT :limit)
    """
)


async def with_top_cutoffs(connection: AsyncConnection, settings: Settings, as_of: date) -> Settings:
    """Settings with the cutoffs that a refresh as of this day would set."""
    amounts = _AMOUNTS.format(paid=_paid(settings), **_EVERYONE)
    statement = f"WITH amounts AS MATERIALIZED ({amounts}) {_CUTOFFS.format(amounts='amounts')}"
    return await _fixed(connection, settings, statement, as_of=as_of)


async def count_amounts(
    connection: AsyncConnection, settings: dict[str, Any], as_of: date, *, after: str, limit: int
) -> str | None:
    """Count what the next customers after one paid; the last of them, None at the end."""
    within = await next_range(connection, after, limit)
    if within.last is not None:
        await plan_for_values(connection)
        statement = _COUNT.format(amounts=_AMOUNTS.format(paid=_paid(settings_of(settings)), **_WITHIN))
        await connection.execute(text(statement), {"as_of": as_of, "after": after, "last": within.last})
    return within.last if within.customers == limit else None


async def fix_top_cutoffs(connection: AsyncConnection, settings: dict[str, Any]) -> dict[str, Any]:
    """Settings in JSON, as a refresh publishes them: with the cutoffs of the amounts that were counted."""
    return settings_json(await _fixed(connection, settings_of(settings), _CUTOFFS.format(amounts="top_amounts")))


async def forget_amounts(connection: AsyncConnection, limit: int) -> bool:
    """Drop so many of the amounts that were counted before; whether none is left."""
    return (await connection.execute(_FORGET, {"limit": limit})).rowcount < limit


def _paid(settings: Settings) -> str:
    return counted("amount_paid", settings.quick_filters.top_days)


async def _fixed(connection: AsyncConnection, settings: Settings, cutoffs: str, **given: Any) -> Settings:
    percentile = settings.quick_filters.top_percentile
    rows = await connection.execute(text(cutoffs), {**given, "percentile": percentile})
    return replace(settings, top_cutoffs={row.currency: row.cutoff for row in rows})
