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

    ``is_personal``: who somebody is, so no value of it is ever said, for what a nightly job says is kept with all
    other lines.
    """

    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...] = ()
    where: str = "true"
    is_personal: bool = False


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
    names = of.columns or row.keys()
    return {name: row[name] for name in sorted(names)}


def differences(tables: Sequence[ComparedTable], are: Looked, should_be: Looked) -> Iterator[Difference]:
    """Everything that is not as it should be, table by table in order of key."""
    for one in tables:
        rows, wanted = are[one.table], should_be[one.table]
        for key in sorted(rows.keys() | wanted.keys(), key=str):
            where = " ".join([one.table, *map(str, key[1:])])
            if key not in wanted:
                yield Difference(key[0], f"{where} should not be there")
            elif key not in rows:
                yield Difference(key[0], f"{where} is missing")
            else:
                yield from _values(key[0], where, rows[key], wanted[key], is_personal=one.is_personal)


def _values(
    customer_id: str, where: str, are: Mapping[str, Any], wanted: Mapping[str, Any], *, is_personal: bool
) -> Iterator[Difference]:
    for name, value in are.items():
        if value != wanted[name]:
            how = "not what it should be" if is_personal else f"{value}, should be {wanted[name]}"
            yield Difference(customer_id, f"{where}: {name} is {how}")
