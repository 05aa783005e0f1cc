"""Statements for any number of rows at once: one array per column in, ``unnest`` makes rows of them again.

A table's ``Columns`` say each column's PostgreSQL type once; JSON goes in as text.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import TextClause, text

Columns = Mapping[str, str]
"""Column name → PostgreSQL type."""


def insert(table: str, columns: Columns) -> TextClause:
    """``INSERT`` rows; a key that is there already is an error, which tells a lost race."""
    return text(f"INSERT INTO {table} ({', '.join(columns)}) {_rows(columns)}")


def update(table: str, columns: Columns, *, key: Collection[str]) -> TextClause:
    """``UPDATE`` the other columns of the rows with these keys."""
    changes = ", ".join(f"{name} = given.{name}" for name in columns if name not in key)
    same = " AND ".join(f"{table}.{name} = given.{name}" for name in key)
    return text(f"UPDATE {table} SET {changes} FROM ({_rows(columns)}) AS given WHERE {same}")


def arrays(columns: Columns, rows: Iterable[Sequence[Any]]) -> dict[str, list[Any]]:
    """Rows turned into the statements' arrays: ``[("a", 1), ("b", 2)]`` → ``{"id": ["a", "b"], "n": [1, 2]}``."""
    turned = [list(column) for column in zip(*rows, strict=True)]
    return dict(zip(columns, turned or [[] for _ in columns], strict=True))


def _rows(columns: Columns) -> str:
    shown = ", ".join(f"CAST({name} AS jsonb)" if of == "jsonb" else name for name, of in columns.items())
    given = ", ".join(f"CAST(:{name} AS {'text' if of == 'jsonb' else of}[])" for name, of in columns.items())
    return f"SELECT {shown} FROM unnest({given}) AS rows ({', '.join(columns)})"
