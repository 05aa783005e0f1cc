"""What the conditions of rules find for one customer, verdict and value each, by the expressions that judge everyone.

One statement for any number of rules: two arrays, so that no limit on columns is met.
"""

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.rules import tree
from services.segmenter.domain.rules.judged import Finding
from services.segmenter.domain.settings import Settings
from services.segmenter.domain.variables import Type
from services.segmenter.storage.binds import Binds
from services.segmenter.storage.past import NOW, Past
from services.segmenter.storage.rule_sql import rule_sql
from services.segmenter.storage.variable_sql import currency_sql, variable_sql
from shared.basics.money import Money

_FINDINGS = """
{past}
SELECT CAST(ARRAY[{verdicts}] AS boolean[]) AS verdicts, CAST(ARRAY[{actuals}] AS text[]) AS actuals
FROM customers c JOIN behaviour b USING (customer_id) WHERE c.customer_id = :customer_id
"""


async def load_findings(
    connection: AsyncConnection,
    customer_id: str,
    conditions: Iterable[tree.Condition],
    settings: Settings,
    as_of: date,
    *,
    past: Past = NOW,
) -> list[Finding]:
    """A finding for each condition, as of a day; of a day before the present ``past`` has the facts."""
    asked, binds = list(conditions), Binds()
    statement = _FINDINGS.format(
        past=past.with_sql,
        verdicts=", ".join(rule_sql(condition, settings, binds) for condition in asked),
        actuals=", ".join(_actual_sql(condition, settings, binds) for condition in asked),
    )
    given = {**binds.params, **past.params, "customer_id": customer_id, "as_of": as_of}
    row = (await connection.execute(text(statement), given)).one()
    found = zip(asked, row.verdicts, row.actuals, strict=True)
    return [Finding(verdict, _read(condition, actual)) for condition, verdict, actual in found]


def _actual_sql(condition: tree.Condition, settings: Settings, binds: Binds) -> str:
    variable = condition.variable
    value = variable_sql(variable, settings, binds, condition.within_days)
    if variable.type is Type.MONEY:
        money = f"json_build_array(CAST({value} AS text), {currency_sql(variable, binds)})"
        return f"(CASE WHEN {value} IS NOT NULL THEN CAST({money} AS text) END)"
    return f"CAST(to_json({value}) AS text)"


def _read(condition: tree.Condition, written: str | None) -> Any:
    if written is None:
        return None
    value = json.loads(written, parse_float=Decimal, parse_int=Decimal)
    match condition.variable.type:
        case Type.MONEY:
            amount, currency = value
            return Money(Decimal(amount), currency)
        case Type.DATE:
            return date.fromisoformat(value)
        case _:
            return value
