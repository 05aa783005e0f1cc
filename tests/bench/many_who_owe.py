"""More customers of statements than are heard of one by one: those that are there, again under other ids, by SQL."""

from sqlalchemy import text

from shared.database.engine import Database

_TABLES = ("customers", "invoices", "payments", "net_applications")
_COLUMNS = text(
    """
    SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = :table AND column_name <> 'customer_id' AND is_generated = 'NEVER'
    """
)
_AGAIN = """
    INSERT INTO {table} (customer_id, {columns})
    SELECT 'c' || lpad((substr(customer_id, 2)::int + more * :many)::text, 7, '0'), {columns}
    FROM {table}, generate_series(1, :times) AS more
"""
"""Ids are those of ``billing.customer_id``."""


async def multiply(database: Database, many: int, times: int) -> None:
    """Beside ``many`` customers as many more, so that there are ``times`` as many; they owe the same."""
    for table in _TABLES:
        async with database.transaction() as connection:
            columns = (await connection.execute(_COLUMNS, {"table": table})).scalar_one()
            again = text(_AGAIN.format(table=table, columns=columns))
            await connection.execute(again, {"many": many, "times": times - 1})
