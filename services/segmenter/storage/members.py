"""Lists of customers: the members of a segment, and whoever a filter finds, page by page in a wanted order.

A page begins after a key (the value sorted by, and the id), so a deep page costs what the first does.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.rules.tree import Node
from services.segmenter.domain.settings import Settings
from services.segmenter.domain.variables import BUILT_IN
from services.segmenter.storage.binds import Binds
from services.segmenter.storage.rule_sql import rule_sql
from services.segmenter.storage.variable_sql import variable_sql

SORT_TYPES = {
    "customer_id": "text",
    "name": "text",
    "segment_id": "text",
    "aging_bucket": "text",
    "risk_level": "text",
    "total_balance": "numeric",
    "overdue_balance": "numeric",
}
"""The columns that a list may be sorted by."""

_PAGE = """
SELECT * FROM (
    SELECT c.customer_id, c.name COLLATE "C" AS name, m.segment_id, m.aging_bucket, m.risk_level, c.currency,
        b.total_balance, {overdue} AS overdue_balance
    FROM customers c JOIN behaviour b USING (customer_id) JOIN membership m USING (customer_id)
    WHERE {condition}
) AS found
WHERE {after}
ORDER BY {column} {direction}, customer_id {direction}
LIMIT {limit}
"""


@dataclass(frozen=True)
class Member:
    """A customer as lists show it; both balances are in ``currency``."""

    customer_id: str
    name: str
    segment_id: str
    aging_bucket: str
    risk_level: str
    currency: str
    total_balance: Decimal
    overdue_balance: Decimal


@dataclass(frozen=True)
class Sort:
    """One of ``SORT_TYPES``, ascending or descending; equal values in order of id, the same way round."""

    column: str = "customer_id"
    descending: bool = False

    def key(self, member: Member) -> tuple[Any, str]:
        """Where a member stands in this order."""
        return getattr(member, self.column), member.customer_id


BY_ID = Sort()
"""The order of lists that were not asked for another."""


@dataclass(frozen=True)
class Filter:
    """Who is wanted: of a segment, for whom every rule is true. Quick filters are rules as well."""

    segment_id: str | None = None
    rules: tuple[Node, ...] = ()


QUICK_FILTERS = {quick: BUILT_IN[f"is_{quick}"] for quick in ("top", "new", "recurring", "recent")}


async def find_members(
    connection: AsyncConnection,
    wanted: Filter,
    settings: Settings,
    as_of: date,
    *,
    sort: Sort,
    after: tuple[Any, str] | None,
    limit: int,
) -> list[Member]:
    """The next members after a key, at most ``limit``."""
    binds = Binds()
    statement = _PAGE.format(
        overdue=variable_sql(BUILT_IN["overdue_balance"], settings, binds),
        condition=_condition(wanted, settings, binds),
        after=_after(sort, after, binds),
        column=sort.column,
        direction="DESC" if sort.descending else "ASC",
        limit=binds.bind(limit, "integer"),
    )
    rows = await connection.execute(text(statement), {**binds.params, "as_of": as_of})
    return [Member(*row) for row in rows]


def _condition(wanted: Filter, settings: Settings, binds: Binds) -> str:
    parts = [rule_sql(rule, settings, binds) for rule in wanted.rules]
    if wanted.segment_id is not None:
        parts.append(f"m.segment_id = {binds.bind(wanted.segment_id, 'text')}")
    return " AND ".join(parts) or "true"


def _after(sort: Sort, after: tuple[Any, str] | None, binds: Binds) -> str:
    if after is None:
        return "true"
    value, customer_id = after
    key = f"({binds.bind(value, SORT_TYPES[sort.column])}, {binds.bind(customer_id, 'text')})"
    return f"({sort.column}, customer_id) {'<' if sort.descending else '>'} {key}"
