"""Count for whom variables are loaded and between which values they lie, over customers in a range of ids.

One row a variable (of money: one per currency) leaves the database, whatever the number of customers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.settings import Settings
from services.segmenter.domain.variables import Type, Variable
from services.segmenter.storage.binds import Binds
from services.segmenter.storage.loaded_sql import loaded_sql
from services.segmenter.storage.variable_sql import currency_sql, variable_sql

_RANGE = text(
    """
    SELECT count(*) AS customers, max(customer_id) AS last FROM (
        SELECT customer_id FROM behaviour WHERE customer_id > :after ORDER BY customer_id LIMIT :limit) AS following
    """
)
_OBSERVE = """
SELECT v.key, v.currency, count(*) FILTER (WHERE v.loaded) AS loaded, min(v.size) AS least, max(v.size) AS greatest,
    min(v.day) AS first_on, max(v.day) AS last_on
FROM customers c JOIN behaviour b USING (customer_id)
CROSS JOIN LATERAL (VALUES {variables}) AS v (key, currency, loaded, size, day)
WHERE c.customer_id > :after AND c.customer_id <= :last
GROUP BY v.key, v.currency
"""
_SIZES = (Type.NUMBER, Type.MONEY)


@dataclass(frozen=True)
class IdRange:
    """So many customers, with ids after ``after`` up to ``last``; ``last`` is None where nobody follows."""

    after: str
    last: str | None
    customers: int


async def next_range(connection: AsyncConnection, after: str, limit: int) -> IdRange:
    """The next customers after an id, in order of id, at most ``limit``."""
    row = (await connection.execute(_RANGE, {"after": after, "limit": limit})).one()
    return IdRange(after, row.last, row.customers)


def observing_sql(
    variables: Iterable[Variable], settings: Settings, as_of: date, within: IdRange
) -> tuple[str, dict[str, Any]]:
    """A query, with what is bound, of ``key currency loaded least greatest first_on last_on``.

    ``currency`` is empty except for money: there the currency of the value, empty where it is missing.
    """
    binds = Binds()
    rows = ", ".join(_row(variable, settings, binds) for variable in variables)
    given = {**binds.params, "as_of": as_of, "after": within.after, "last": within.last}
    return _OBSERVE.format(variables=rows), given


def _row(variable: Variable, settings: Settings, binds: Binds) -> str:
    value = variable_sql(variable, settings, binds) if variable.type in (*_SIZES, Type.DATE) else "NULL"
    currency = f"coalesce({currency_sql(variable, binds)}, '')" if variable.type is Type.MONEY else "''"
    size = f"CAST({value if variable.type in _SIZES else 'NULL'} AS numeric)"
    day = f"CAST({value if variable.type is Type.DATE else 'NULL'} AS date)"
    return f"({binds.bind(variable.key, 'text')}, {currency}, {loaded_sql(variable, settings, binds)}, {size}, {day})"
