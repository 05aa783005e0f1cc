"""Many rows in one statement: each column goes as one array, which ``unnest`` makes rows of again."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection


class Bulk:
    """A statement over ``rows``: ``{rows}`` in it stands for the given values, its columns named and typed."""

    def __init__(self, statement: str, **columns: str) -> None:
        arrays = ", ".join(f"CAST(:{name} AS {sql_type}[])" for name, sql_type in columns.items())
        self._names = tuple(columns)
        self._statement: TextClause = text(statement.format(rows=f"unnest({arrays}) AS n ({', '.join(columns)})"))

    async def write(self, connection: AsyncConnection, rows: Iterable[tuple[Any, ...]]) -> None:
        """Execute it for rows in order of customer; without any, do nothing."""
        given = list(rows)
        if given:
            values = map(list, zip(*given, strict=True))
            await connection.execute(self._statement, dict(zip(self._names, values, strict=True)))
