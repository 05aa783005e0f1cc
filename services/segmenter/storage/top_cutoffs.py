"""From which amount a customer is *top*: the discrete percentile per billing currency. Source: meaning.md 20."""

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.settings import Settings
from services.segmenter.storage.binds import counted
from services.segmenter.storage.settings_json import settings_json, settings_of

# percentile_disc takes its share as a double: 0.55 of 100 customers would be the 56th.
_CUTOFFS = """
SELECT currency, min(paid) AS cutoff
FROM (
    SELECT currency, paid, count(*) OVER (PARTITION BY currency) AS customers,
        row_number() OVER (PARTITION BY currency ORDER BY paid) AS rank
    FROM (SELECT c.currency, {paid} AS paid FROM customers c JOIN behaviour b USING (customer_id)) AS amounts
    WHERE paid > 0
) AS ranked
WHERE rank * 100 >= customers * CAST(:percentile AS integer) GROUP BY currency
"""


async def with_top_cutoffs(connection: AsyncConnection, settings: Settings, as_of: date) -> Settings:
    """Settings with the cutoffs that a refresh as of this day would set."""
    quick = settings.quick_filters
    statement = text(_CUTOFFS.format(paid=counted("amount_paid", quick.top_days)))
    rows = await connection.execute(statement, {"as_of": as_of, "percentile": quick.top_percentile})
    return replace(settings, top_cutoffs={row.currency: row.cutoff for row in rows})


async def fix_top_cutoffs(connection: AsyncConnection, settings: dict[str, Any], as_of: date) -> dict[str, Any]:
    """The same for settings in JSON, as a refresh publishes them."""
    return settings_json(await with_top_cutoffs(connection, settings_of(settings), as_of))
