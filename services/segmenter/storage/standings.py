"""Where one customer stands: segment, bucket, and every variable, by the expressions that rules use."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.settings import Settings
from services.segmenter.domain.variables import Catalogue, Type
from services.segmenter.storage.binds import Binds, cached_text
from services.segmenter.storage.past import NOW, Past
from services.segmenter.storage.variable_sql import currency_sql, variable_sql
from shared.basics.money import Money

_FIND = text(
    """
    SELECT c.name, m.segment_id, m.since, m.aging_bucket, m.risk_level, m.revision, m.as_of
    FROM customers c JOIN membership m USING (customer_id) WHERE c.customer_id = :customer_id
    """
)


@dataclass(frozen=True)
class Standing:
    """``since``: when the customer entered the segment; ``revision`` and ``as_of``: of the last change written."""

    name: str
    segment_id: str
    since: datetime
    aging_bucket: str
    risk_level: str
    revision: int
    as_of: date


async def find_standing(connection: AsyncConnection, customer_id: str) -> Standing | None:
    """A customer's standing; None of a customer never heard of."""
    row = (await connection.execute(_FIND, {"customer_id": customer_id})).one_or_none()
    return Standing(*row) if row else None


async def load_values(
    connection: AsyncConnection,
    customer_id: str,
    variables: Catalogue,
    settings: Settings,
    as_of: date,
    *,
    past: Past = NOW,
) -> dict[str, Any]:
    """The value of every variable, windowed ones for all time; None where missing, money with its currency.

    Of a day before the present ``past`` (``as_it_was``) has the facts.
    """
    binds = Binds()
    columns = []
    for number, variable in enumerate(variables.values()):
        columns.append(f"{variable_sql(variable, settings, binds)} AS v_{number}")
        currency = currency_sql(variable, binds) if variable.type is Type.MONEY else "CAST(NULL AS text)"
        columns.append(f"{currency} AS c_{number}")
    statement = cached_text(
        f"{past.with_sql} SELECT {', '.join(columns)} FROM customers c JOIN behaviour b USING (customer_id)"
        f" WHERE c.customer_id = {binds.bind(customer_id, 'text')}"
    )
    row = (await connection.execute(statement, {**binds.params, **past.params, "as_of": as_of})).one()
    pairs = zip(variables, row[::2], row[1::2], strict=True)
    return {key: Money(value, currency) if currency and value is not None else value for key, value, currency in pairs}
