"""Tables of facts beside the ledger, all alike: the key is (customer, the fact's own id), rows are written whole.

``subscriptions``, ``disputes`` and ``promises`` each describe theirs.
"""

from collections.abc import Callable, Collection, Iterable
from typing import Any, Generic, TypeVar

from sqlalchemy import Row, TextClause, text

from services.customers.storage.bulk import insert, update
from shared.database.columns import Columns
from shared.database.engine import Transaction
from shared.database.writing import Write

Fact = TypeVar("Fact")


class FactTable(Generic[Fact]):
    """One table; ``day`` is the column that says when a fact began."""

    def __init__(
        self,
        name: str,
        columns: Columns,
        *,
        own_id: str,
        day: str,
        row_of: Callable[[Fact], tuple[Any, ...]],
        fact_of: Callable[[Row[Any]], Fact],
    ) -> None:
        self._row_of = row_of
        self._fact_of = fact_of
        key = ["customer_id", own_id]
        shown = ", ".join(f"CAST({one} AS text) AS {one}" if of == "jsonb" else one for one, of in columns.items())
        of_customer = f"SELECT {shown} FROM {name} WHERE customer_id = :customer_id"
        self._insert = insert(name, columns)
        self._update = update(name, columns, key=key, name=f"changed_{name}")
        self._named = text(
            f"""
            SELECT {shown} FROM {name} WHERE (customer_id, {own_id})
                IN (SELECT * FROM unnest(CAST(:customers AS text[]), CAST(:ids AS text[])))
            """
        )
        self._all = text(f"SELECT {shown} FROM {name} WHERE customer_id = ANY(:ids) ORDER BY customer_id, {own_id}")
        self._page = text(f"{of_customer} AND {own_id} > :after ORDER BY {own_id} LIMIT :limit")
        self._latest = text(f"{of_customer} ORDER BY {day} DESC, {own_id} DESC LIMIT :limit")

    async def named(self, connection: Transaction, names: Collection[tuple[str, str]]) -> list[Fact]:
        """Those facts that exist, by (customer, own) ids."""
        if not names:
            return []
        customers, ids = zip(*names, strict=True)
        return await self._read(connection, self._named, customers=list(customers), ids=list(ids))

    async def all(self, connection: Transaction, ids: Collection[str]) -> list[Fact]:
        """Every fact of the customers, each one's in order of id."""
        return await self._read(connection, self._all, ids=list(ids))

    async def page(self, connection: Transaction, customer_id: str, after: str, limit: int) -> list[Fact]:
        """A customer's facts in order of id, at most ``limit`` after the id ``after``."""
        return await self._read(connection, self._page, customer_id=customer_id, after=after, limit=limit)

    async def latest(self, connection: Transaction, customer_id: str, limit: int) -> list[Fact]:
        """A customer's facts, the one that began last first."""
        return await self._read(connection, self._latest, customer_id=customer_id, limit=limit)

    def enter(self, facts: Iterable[Fact]) -> list[Write]:
        """Store new facts; that somebody else was first is an error, and worth a retry."""
        return self._insert.of(self._rows(facts))

    def change(self, facts: Iterable[Fact]) -> list[Write]:
        """Store changed facts."""
        return self._update.of(self._rows(facts))

    async def _read(self, connection: Transaction, query: TextClause, **values: object) -> list[Fact]:
        return [self._fact_of(row) for row in await connection.execute(query, values)]

    def _rows(self, facts: Iterable[Fact]) -> list[tuple[Any, ...]]:
        return sorted((self._row_of(fact) for fact in facts), key=lambda row: row[:2])
