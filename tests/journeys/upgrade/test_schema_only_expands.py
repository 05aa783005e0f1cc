"""What migrations since the release before do to its tables: they add, so that its processes can go on beside ours."""

from pathlib import Path
from typing import NamedTuple

import asyncpg
import pytest

from tests.journeys.upgrade.previous import run_previous
from tests.support.fixtures import NewDatabase

SERVICES = ("customers", "segmenter", "statements")
_APPLICATIONS = ("amount", "applied_on", "currency", "customer_id", "invoice_id", "payment_id", "place")
MAY_BE_NARROWER = {f"statements: applications.{name} is gone": "it never names the table" for name in _APPLICATIONS}
"""``service: what is found`` → why the release before can live with it."""

_COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable = 'NO' AS required, column_default IS NOT NULL
    OR is_identity = 'YES' OR is_generated = 'ALWAYS' AS has_default
FROM information_schema.columns WHERE table_schema = 'public'
"""
_CONSTRAINTS = """
SELECT c.relname AS table_name, pg_get_constraintdef(k.oid) AS said FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND k.contype IN ('p', 'u', 'f', 'c')
UNION
SELECT tablename, regexp_replace(indexdef, ' INDEX \\S+ ', ' INDEX ') FROM pg_indexes
WHERE schemaname = 'public' AND indexdef LIKE 'CREATE UNIQUE%'
"""


class Column(NamedTuple):
    """How a column is declared; ``has_default``: whoever does not know it need not name it."""

    kind: str
    required: bool
    has_default: bool


class Schema(NamedTuple):
    """Columns by (table, name), and what else a table insists on."""

    columns: dict[tuple[str, str], Column]
    constraints: set[tuple[str, str]]

    @property
    def tables(self) -> set[str]:
        return {table for table, _ in self.columns}


async def schema_at(url: str) -> Schema:
    connection = await asyncpg.connect(url)
    try:
        columns = {(row[0], row[1]): Column(*row[2:]) for row in await connection.fetch(_COLUMNS)}
        return Schema(columns, {tuple(row) for row in await connection.fetch(_CONSTRAINTS)})
    finally:
        await connection.close()


def narrowed(before: Schema, after: Schema) -> list[str]:
    """In which ways the newer schema takes from, or asks more of, whoever knows only the older one."""
    return [
        *(
            f"{where[0]}.{where[1]} {said}"
            for where in sorted(before.columns)
            if (said := _taken(where, before, after))
        ),
        *(f"{table}.{name} is new, required, and has no default" for table, name in _demanded(before, after)),
        *(f"{table} insists on {said}" for table, said in _insisted(before, after)),
    ]


def _taken(where: tuple[str, str], before: Schema, after: Schema) -> str | None:
    column, now = before.columns[where], after.columns.get(where)
    if now is None:
        return "is gone"
    if now.kind != column.kind:
        return f"was {column.kind} and is {now.kind}"
    if now.required and not column.required:
        return "may not be null any more"
    return "has no default any more" if column.has_default and not now.has_default else None


def _demanded(before: Schema, after: Schema) -> list[tuple[str, str]]:
    """Columns that whoever writes into an older table would have to name."""
    return [
        (table, name)
        for (table, name), column in sorted(after.columns.items())
        if (table, name) not in before.columns and table in before.tables
        if column.required and not column.has_default
    ]


def _insisted(before: Schema, after: Schema) -> list[tuple[str, str]]:
    """What older tables refuse that they took before."""
    return [one for one in sorted(after.constraints - before.constraints) if one[0] in before.tables]


async def _migrated_by_previous(previous: Path, service: str, url: str) -> None:
    environment = {
        "ENVIRONMENT": "local",
        "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9",
        "SERVICE_API_KEY": "x" * 16,
        "CUSTOMERS_URL": "http://127.0.0.1:9",
        "SEGMENTER_URL": "http://127.0.0.1:9",
        "MAIL_GATEWAY_URL": "http://127.0.0.1:9",
        "MAIL_FROM": "cartera@andina.demo",
        "COMPANY_NAME": "Comercial Andina",
        "GATEWAY_WEBHOOK_SECRET": "x" * 16,
        f"{service.upper()}_DATABASE_URL": url,
    }
    run_previous(previous, environment, f"services.{service}", "migrate")


@pytest.mark.parametrize("service", SERVICES)
async def test_migrations_since_the_release_before_only_expand(
    previous: Path, new_database: NewDatabase, service: str
) -> None:
    older, newer = await new_database(), await new_database(service)
    await _migrated_by_previous(previous, service, older)
    found = [f"{service}: {one}" for one in narrowed(await schema_at(older), await schema_at(newer))]
    assert [one for one in found if one not in MAY_BE_NARROWER] == []


PLANTED = {
    "ALTER TABLE invoices DROP COLUMN number": "invoices.number is gone",
    "ALTER TABLE runs RENAME TO walks_of_rules": "runs.alive_at is gone",
    "ALTER TABLE payments ALTER paid_on TYPE text": "payments.paid_on was date and is text",
    "ALTER TABLE customers ALTER email SET NOT NULL": "customers.email may not be null any more",
    "ALTER TABLE addresses ALTER tries DROP DEFAULT": "addresses.tries has no default any more",
    "ALTER TABLE refunds ADD COLUMN why text NOT NULL": "refunds.why is new, required, and has no default",
    "ALTER TABLE disputes ADD UNIQUE (customer_id)": "disputes insists on UNIQUE (customer_id)",
    "ALTER TABLE tellings ADD CHECK (sequence < 9)": "tellings insists on CHECK ((sequence < 9))",
}


async def test_what_narrows_is_found_and_what_expands_is_not(statements_database: str) -> None:
    before = await schema_at(statements_database)
    connection = await asyncpg.connect(statements_database)
    await connection.execute("CREATE TABLE extra (customer_id text PRIMARY KEY, note text NOT NULL)")
    await connection.execute("ALTER TABLE customers ADD COLUMN note text, ADD COLUMN n integer NOT NULL DEFAULT 0")
    assert narrowed(before, await schema_at(statements_database)) == []
    for planted in PLANTED:
        await connection.execute(planted)
    await connection.close()
    assert set(PLANTED.values()) <= set(narrowed(before, await schema_at(statements_database)))
