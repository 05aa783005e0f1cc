"""Statements for any number of rows at once: one text per column in, which PostgreSQL makes rows of again.

A table's ``Columns`` say each column's PostgreSQL type once; JSON goes in as text.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import text

from shared.database.columns import Columns, column, one_row, texts, typed
from shared.database.writing import Write


class Bulk:
    """A statement that writes rows; its values carry its name, so that several can be sent as one."""

    def __init__(self, name: str, sql: str, columns: Columns) -> None:
        """``{rows}`` in ``sql`` stands for the query that gives the rows."""
        self._names = [f"{name}_{column}" for column in columns]
        self._one = text(sql.format(rows=f"SELECT {one_row(columns, f'{name}_')}"))
        taken = f"ROWS FROM ({texts(columns, f'{name}_')}) AS rows ({', '.join(columns)})"
        self._many = text(sql.format(rows=f"SELECT {typed(columns)} FROM {taken}"))

    def of(self, rows: Collection[Sequence[Any]]) -> list[Write]:
        """For these rows; nothing when there are none."""
        if not rows:
            return []
        if len(rows) == 1:
            [row] = rows
            return [Write(self._one, dict(zip(self._names, row, strict=True)))]
        columns = map(column, zip(*rows, strict=True))
        return [Write(self._many, dict(zip(self._names, columns, strict=True)))]


def insert(table: str, columns: Columns) -> Bulk:
    """``INSERT`` rows; a key that is there already is an error, which tells a lost race."""
    name = f"new_{table}"
    return Bulk(name, f"INSERT INTO {table} ({', '.join(columns)}) {{rows}}", columns)


def update(table: str, columns: Columns, *, key: Collection[str], name: str) -> Bulk:
    """``UPDATE`` the other columns of the rows with these keys."""
    changes = ", ".join(f"{column} = given.{column}" for column in columns if column not in key)
    same = " AND ".join(f"{table}.{column} = given.{column}" for column in key)
    sql = f"UPDATE {table} SET {changes} FROM ({{rows}}) AS given WHERE {same}"
    return Bulk(name, sql, columns)


def arrays(columns: Columns, rows: Iterable[Sequence[Any]]) -> dict[str, list[Any]]:
    """Rows turned into a query's arrays: ``[("a", 1), ("b", 2)]`` → ``{"id": ["a", "b"], "n": [1, 2]}``."""
    turned = [list(column) for column in zip(*rows, strict=True)]
    return dict(zip(columns, turned or [[] for _ in columns], strict=True))
