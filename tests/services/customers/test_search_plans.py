"""Searches stay cheap: each finds its customers through an index, and a deep page costs what the first does."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.customers.domain.customer import Customer
from services.customers.storage.customer_pages import Wanted, page_of_customers
from shared.database.engine import Database
from tests.support.databases import Databases

MANY = 20_000
_FILL = text(
    """
    INSERT INTO customers (customer_id, seq, type, name, name_words, currency, registered_on, emails, addresses,
        document_type, document_number, variables, archived)
    SELECT 'c' || lpad(n::text, 6, '0'), 1, 'person', 'Persona ' || n, 'persona ' || n, 'COP', '2026-01-01', '[]',
        jsonb_build_array('p' || n || '@correo.demo'), 'CC', n::text, '{}', n % 1000 = 0
    FROM generate_series(1, :many) AS n
    """
)
_DOCUMENTS = text(
    """
    INSERT INTO documents (document_key, number, customer_id)
    SELECT 'CC:' || n, n::text, 'c' || lpad(n::text, 6, '0') FROM generate_series(1, :many) AS n
    """
)


@pytest.fixture(scope="module")
async def crowd(_databases: Databases) -> AsyncIterator[Database]:
    """Many customers, for all these tests: they only read."""
    url = await _databases.create("customers")
    database = Database(url, name="test")
    async with database.transaction() as connection:
        await connection.execute(_FILL, {"many": MANY})
        await connection.execute(_DOCUMENTS, {"many": MANY})
        await connection.execute(text("SELECT gin_clean_pending_list('customers_by_name')"))
        await connection.execute(text("ANALYZE customers, documents"))
    yield database
    await database.close()
    await _databases.drop(url)


async def _search(database: Database, wanted: Wanted, after: str) -> tuple[list[Customer], int]:
    """A page, and how many buffers PostgreSQL touches for its queries."""
    async with database.transaction() as connection:
        said = _listen(connection)
        found = await page_of_customers(connection, wanted, after, 50)
        touched = 0
        for statement, values in list(said):
            rows = await connection.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", values)
            plan = rows.scalar_one()[0]["Plan"]
            touched += plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return found, touched


def _listen(connection: AsyncConnection) -> list[tuple[str, Any]]:
    said: list[tuple[str, Any]] = []

    def note(conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool) -> None:
        said.append((statement, parameters))

    event.listen(connection.sync_connection, "before_cursor_execute", note)
    return said


@pytest.mark.parametrize(
    ("wanted", "after", "found"),
    [
        (Wanted(name="15000"), "", 1),
        (Wanted(name="nadie"), "", 0),
        (Wanted(name="persona"), "", 50),
        (Wanted(name="persona"), "c019900", 50),
        (Wanted(name="persona"), "c019980", 20),
        (Wanted(name="persona 1500", archived=False), "", 10),
        (Wanted(email="P15000@correo.demo"), "", 1),
        (Wanted(document="15.000"), "", 1),
        (Wanted(document="15.000", archived=True), "", 1),
        (Wanted(archived=True), "", 20),
        (Wanted(archived=True), "c019000", 1),
        (Wanted(), "", 50),
        (Wanted(), "c019900", 50),
        (Wanted(archived=False), "c019900", 50),
    ],
)
async def test_a_search_touches_few_buffers(crowd: Database, wanted: Wanted, after: str, found: int) -> None:
    page, touched = await _search(crowd, wanted, after)
    assert len(page) == found
    assert [one.customer_id for one in page] == sorted(one.customer_id for one in page)
    assert touched < 200, f"{touched} buffers; reading all customers touches 600"
