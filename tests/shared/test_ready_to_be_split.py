"""The schema stays ready to be split by customer: no key stands in the way of partitions or of many databases.

PostgreSQL's declarative partitioning and Citus alike want the column that rows are split by in every unique key, and
foreign keys only between rows of one customer. How far that carries, and the way there: ``docs/scale.md``.
"""

from typing import NamedTuple

import asyncpg
import pytest

from tests.support.fixtures import NewDatabase

_KEYS = """
SELECT t.relname AS owner, i.relname AS name, array(
    SELECT coalesce(a.attname, 'expression') FROM unnest(x.indkey) WITH ORDINALITY AS k (number, place)
    LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number ORDER BY place) AS columns
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
JOIN pg_namespace n ON n.oid = t.relnamespace WHERE x.indisunique AND n.nspname = 'public' ORDER BY 1, 2
"""
_FOREIGN_KEYS = """
SELECT t.relname AS owner, k.conname AS name, array(
    SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY AS c (number, place)
    JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = c.number ORDER BY place) AS columns
FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE k.contype = 'f' AND n.nspname = 'public' ORDER BY 1, 2
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1"
_CUSTOMERS = """
SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'customer_id'
"""

SMALL = "of the whole deployment: a few rows, on every node or on one"
QUEUE = "a queue that empties itself: each node keeps its own"
LEDGER = "the send ledger is looked up by delivery: split by delivery_id, or customer_id goes in front of it"

OF_NOBODY = {
    "customers": {
        "api_keys": SMALL,
        "changes": "what people changed, appended: each node keeps its own",
        "instance": SMALL,
        "outbox": QUEUE,
        "variables": SMALL,
    },
    "segmenter": {
        "alert_rules": SMALL,
        "api_keys": SMALL,
        "changes": "what people changed, appended: each node keeps its own",
        "day_turn": SMALL,
        "declared_variables": SMALL,
        "draft": SMALL,
        "flows": SMALL,
        "forecast_moves": "counts of everyone: added up over nodes",
        "forecasts": SMALL,
        "history_heard": SMALL,
        "instance": SMALL,
        "observation_count": SMALL,
        "observations": SMALL,
        "outbox": QUEUE,
        "partition_progress": SMALL,
        "published": SMALL,
        "quarantine": QUEUE,
        "refreshes": SMALL,
        "revisions": SMALL,
        "telling": SMALL,
        "top_amounts": "counts of everyone: added up over nodes",
        "walks": SMALL,
        "webhook_deliveries": SMALL,
        "webhook_events": QUEUE,
        "webhook_stream": SMALL,
        "webhooks": SMALL,
    },
    "statements": {
        "addresses": LEDGER,
        "api_keys": SMALL,
        "attempts": LEDGER,
        "cascade": SMALL,
        "changes": "what people changed, appended: each node keeps its own",
        "gateway_events": "by the provider's id, only to know repeats: split by that",
        "instance": SMALL,
        "outbox": QUEUE,
        "partition_progress": SMALL,
        "quarantine": QUEUE,
        "rule_versions": SMALL,
        "rules": SMALL,
        "runs": SMALL,
        "segmenter_progress": SMALL,
        "send_pace": SMALL,
        "walks": SMALL,
    },
}
"""Tables without ``customer_id``, and why they may be."""

OTHER_KEYS = {
    "customers": {
        "documents_pkey": "a document is one customer's in the whole deployment: a table of its own, split by document",
    },
    "segmenter": {"alerts_by_id": "alert ids are UUIDs of ours: without the index they would be unique all the same"},
    "statements": {
        "deliveries_pkey": LEDGER,
        "deliveries_rule_id_period_customer_id_key": "has customer_id, last: a run is read by rule and period",
        "suppressions_pkey": "an address is suppressed for whoever has it: a table of its own, split by address",
        "suppressions_suppression_id_key": "the same table",
    },
}
"""Unique keys of tables of customers' rows that do not begin with ``customer_id``, and why."""

OTHER_FOREIGN_KEYS = {
    "customers": {},
    "segmenter": {},
    "statements": {
        "deliveries_run_id_fkey": "to runs, which every node has",
        "run_audience_run_id_fkey": "to runs, which every node has",
        "messages_delivery_id_fkey": LEDGER,
    },
}
"""Foreign keys of such tables that do not begin with ``customer_id``, and why."""


class Key(NamedTuple):
    """A unique or foreign key of a table."""

    table: str
    name: str
    columns: tuple[str, ...]


class Schema(NamedTuple):
    tables: set[str]
    of_customers: set[str]
    keys: list[Key]
    foreign_keys: list[Key]


async def schema_at(url: str) -> Schema:
    connection = await asyncpg.connect(url)
    try:
        tables = {row[0] for row in await connection.fetch(_TABLES)}
        of_customers = {row[0] for row in await connection.fetch(_CUSTOMERS)}
        keys, foreign = [
            [Key(row[0], row[1], tuple(row[2])) for row in await connection.fetch(query)]
            for query in (_KEYS, _FOREIGN_KEYS)
        ]
    finally:
        await connection.close()
    return Schema(tables, of_customers, keys, foreign)


def not_by_customer(keys: list[Key], of_customers: set[str]) -> set[str]:
    """Keys of customers' rows that do not begin with whose they are."""
    return {key.name for key in keys if key.table in of_customers and key.columns[0] != "customer_id"}


@pytest.mark.parametrize("service", ["customers", "segmenter", "statements"])
async def test_every_key_of_customers_rows_begins_with_whose_they_are(new_database: NewDatabase, service: str) -> None:
    schema = await schema_at(await new_database(service))
    assert schema.tables - schema.of_customers == set(OF_NOBODY[service])
    assert not_by_customer(schema.keys, schema.of_customers) == set(OTHER_KEYS[service])
    assert not_by_customer(schema.foreign_keys, schema.of_customers) == set(OTHER_FOREIGN_KEYS[service])


async def test_a_key_that_would_be_in_the_way_is_found(statements_database: str) -> None:
    connection = await asyncpg.connect(statements_database)
    await connection.execute("ALTER TABLE invoices ADD CONSTRAINT by_number UNIQUE (number)")
    await connection.execute(
        "CREATE TABLE twins (customer_id text PRIMARY KEY, twin text CONSTRAINT other REFERENCES customers)"
    )
    await connection.execute("CREATE TABLE loose (id text PRIMARY KEY)")
    await connection.close()
    schema = await schema_at(statements_database)
    assert "by_number" in not_by_customer(schema.keys, schema.of_customers)
    assert "other" in not_by_customer(schema.foreign_keys, schema.of_customers)
    assert "loose" in schema.tables - schema.of_customers
