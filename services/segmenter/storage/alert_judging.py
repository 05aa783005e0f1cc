"""For whom alert rules began or stopped to hold: judged after ``reassign``, under the locks that it took.

A statement of its own, so that it sees the segments just written.
"""

from collections.abc import Collection, Sequence
from functools import lru_cache

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.alerts import Turned
from services.segmenter.domain.rules import tree
from services.segmenter.storage.alert_sql import KNOWN_SQL
from services.segmenter.storage.binds import Binds
from services.segmenter.storage.debt_sql import DAYS_PAST_DUE, OVERDUE
from services.segmenter.storage.judging import Judgement
from services.segmenter.storage.rule_sql import rule_sql
from shared.basics.money import Money

_JUDGE = """
SELECT * FROM (
    SELECT c.customer_id, c.currency, m.sequence, {overdue} AS overdue_balance, {days} AS days_past_due,
        {held} AS held, {known} AS known
    FROM customers c JOIN behaviour b USING (customer_id) JOIN membership m USING (customer_id)
    WHERE c.customer_id = ANY(CAST(:ids AS text[]))
        AND NOT EXISTS (SELECT FROM history_pending p WHERE p.customer_id = c.customer_id)
) AS judged WHERE held <> known ORDER BY customer_id
"""
_WHICH = """
SELECT c.customer_id, {conditions} FROM customers c JOIN behaviour b USING (customer_id)
WHERE c.customer_id = ANY(CAST(:ids AS text[]))
"""


async def find_turned(connection: AsyncConnection, ids: Collection[str], by: Judgement) -> list[Turned]:
    """Customers, of those locked, for whom something began or stopped to hold; in order of id."""
    given = {**by.compiled.params, "ids": sorted(ids), "as_of": by.as_of}
    rows = await connection.execute(_judging(by.held_sql), given)
    return [
        Turned(
            customer_id=row.customer_id,
            sequence=row.sequence,
            overdue_balance=Money(row.overdue_balance, row.currency),
            days_past_due=row.days_past_due,
            began=tuple(one for one in row.held if one not in row.known),
            ended=tuple(one for one in row.known if one not in row.held),
        )
        for row in rows
    ]


@lru_cache(maxsize=8)
def _judging(held: str) -> TextClause:
    return text(_JUDGE.format(overdue=OVERDUE, days=DAYS_PAST_DUE, held=held, known=KNOWN_SQL))


async def true_conditions(
    connection: AsyncConnection, conditions: Sequence[tree.Condition], ids: Collection[str], by: Judgement
) -> dict[str, list[tree.Condition]]:
    """Per customer, the conditions that are true."""
    binds = Binds()
    columns = ", ".join(rule_sql(one, by.cascade.settings, binds) for one in conditions)
    statement = text(_WHICH.format(conditions=columns))
    rows = await connection.execute(statement, {**binds.params, "ids": sorted(ids), "as_of": by.as_of})
    return {row[0]: [one for one, holds in zip(conditions, row[1:], strict=True) if holds] for row in rows}
