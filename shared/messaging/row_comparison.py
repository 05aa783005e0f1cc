"""Rows of customers as they are and as they should be, compared value by value: what ``verify`` says differs."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from shared.basics.difference import Difference
from shared.database.engine import Transaction

Rows = Mapping[tuple[Any, ...], Mapping[str, Any]]
"""Rows of one table by key; the customer's id comes first in it."""
Looked = Mapping[str, Rows]
"""Rows of some customers, by table."""

_LOOK = "SELECT CAST(to_jsonb(t) AS text) FROM {table} t WHERE customer_id = ANY(CAST(:ids AS text[])) AND {where}"


@dataclass(frozen=True)
class ComparedTable:
    """A table whose rows are compared by ``key``; without ``columns`` all of them. ``where``: which rows say a thing.

    ``besides`` are columns that may differ.
    """

    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...] = ()
    besides: tuple[str, ...] = ()
    where: str = "true"


async def look(connection: Transaction, tables: Sequence[ComparedTable], ids: Sequence[str]) -> Looked:
    """The rows of customers as they are."""
    found: dict[str, Rows] = {}
    for one in tables:
        query = text(_LOOK.format(table=one.table, where=one.where))
        rows = [
            json.loads(row, parse_float=Decimal) for row in (await connection.execute(query, {"ids": ids})).scalars()
        ]
        found[one.table] = {tuple(row[name] for name in one.key): _said(row, one) for row in rows}
    return found


def _said(row: Mapping[str, Any], of: ComparedTable) -> dict[str, Any]:
    names = of.columns or row.keys() - set(of.besides)
    return {name: row[name] for name in sorted(names)}


def differences(are: Looked, should_be: Looked) -> Iterator[Difference]:
    """Everything that is not as it should be, table by table in order of key."""
    for table, rows in are.items():
        wanted = should_be[table]
        for key in sorted(rows.keys() | wanted.keys(), key=str):
            where = " ".join([table, *map(str, key[1:])])
            if key not in wanted:
                yield Difference(key[0], f"{where} should not be there")
            elif key not in rows:
                yield Difference(key[0], f"{where} is missing")
            else:
                yield from _values(key[0], where, rows[key], wanted[key])


def _values(customer_id: str, where: str, are: Mapping[str, Any], wanted: Mapping[str, Any]) -> Iterator[Difference]:
    for name, value in are.items():
        if value != wanted[name]:
            yield Difference(customer_id, f"{where}: {name} is {value}, should be {wanted[name]}")
