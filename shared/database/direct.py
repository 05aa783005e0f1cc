"""Transactions that speak to asyncpg itself, for work of a few small statements by key (decision 61).

SQLAlchemy puts three times a small statement's own cost around it, and ten times that of a transaction. Storage does
not notice the difference: a direct transaction takes the same ``text`` with the same named values, and answers in
the same words, as far as storage on that way uses them.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import lru_cache
from operator import itemgetter
from typing import Any

import asyncpg
from sqlalchemy import TextClause
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.exc import MultipleResultsFound, NoResultFound

from shared.basics.errors import Unavailable
from shared.database import traced_statements
from shared.database.connecting import COMMAND_SECONDS, CONNECT_SECONDS, REFUSED, numerics_as_text, server_settings

Values = Mapping[str, Any]

PLANS = {  # settings of the session
    # Planning costs as much as running here, so each statement is planned once, for any values …
    "plan_cache_mode": "force_generic_plan",
    # … and perhaps while its tables are empty, when reading all of them looks best: only keys stay good as they grow.
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
}


class DirectPool:
    """Connections of one process, opened when they are first wanted."""

    def __init__(self, url: str, *, name: str, connections: int) -> None:
        self._url = url
        self._name = name
        self._connections = connections
        self._pool: asyncpg.Pool | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator["DirectTransaction"]:
        """One transaction: committed at the end of the block, rolled back by an exception.

        Raises
        ------
        Unavailable
            No connection is free, or the server cannot be reached.
        """
        async with self.statements() as alone, alone.in_one():
            yield alone

    @asynccontextmanager
    async def statements(self) -> AsyncIterator["DirectTransaction"]:
        """A connection whose every statement is a transaction of its own; it raises the same."""
        pool = await self._opened()
        try:
            connection = await pool.acquire(timeout=CONNECT_SECONDS)
        except TimeoutError as error:
            raise Unavailable("database_unavailable", "the database has no free connection now") from error
        except (OSError, *REFUSED) as error:
            raise Unavailable("database_unavailable", "the database does not answer now") from error
        try:
            yield DirectTransaction(connection)
        except (OSError, *REFUSED, asyncpg.InterfaceError) as error:
            if isinstance(error, asyncpg.InterfaceError) and not _is_closed(connection):
                raise
            raise Unavailable("database_unavailable", "the connection to the database broke") from error
        finally:
            await pool.release(connection)

    async def _opened(self) -> asyncpg.Pool:
        """The pool; it waits for nothing, since nothing is connected yet."""
        if self._pool is None:
            self._pool = await asyncpg.create_pool(
                self._url,
                min_size=0,
                max_size=self._connections,
                timeout=CONNECT_SECONDS,
                command_timeout=COMMAND_SECONDS,
                server_settings={**server_settings(self._name), **PLANS},
                connection_class=_Connection,
                record_class=_Row,
                init=numerics_as_text,
            )
        return self._pool

    async def close(self) -> None:
        """Give all connections back."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close()


def _is_closed(connection: Any) -> bool:
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:  # the pool has taken it back by itself, as it does with one that broke
        return True


class DirectTransaction:
    """An open transaction, or a connection that has none."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def in_one(self) -> AbstractAsyncContextManager[None]:
        """All statements of the block in one transaction."""
        opened: AbstractAsyncContextManager[None] = self._connection.transaction()
        return opened

    async def execute(self, statement: TextClause, values: Values | Sequence[Values] | None = None) -> "Found":
        """Run a statement with its named values, or once for each of several."""
        sql, names = _spelled(statement)
        found: list[Any] = []
        for given in values if isinstance(values, Sequence) else [values or {}]:
            found = await self._fetch(sql, [given[name] for name in names])
        return Found(found)

    async def _fetch(self, sql: str, values: list[Any]) -> list[Any]:
        span = traced_statements.begin(sql)
        try:
            found: list[Any] = await self._connection.fetch(sql, *values)
        except Exception as error:
            traced_statements.end(span, error)
            raise
        traced_statements.end(span)
        return found


class Found:
    """The rows that a statement gave."""

    def __init__(self, rows: list[Any]) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def scalars(self) -> list[Any]:
        """The first column of each row."""
        return [row[0] for row in self._rows]

    def one_or_none(self) -> Any:
        """The only row; None if there is none."""
        if len(self._rows) > 1:
            raise MultipleResultsFound(f"{len(self._rows)} rows where one at most was wanted")
        return self._rows[0] if self._rows else None

    def one(self) -> Any:
        """The only row."""
        row = self.one_or_none()
        if row is None:
            raise NoResultFound("no row where one was wanted")
        return row

    def scalar_one(self) -> Any:
        """The first column of the only row."""
        return self.one()[0]


class _Connection(asyncpg.Connection):
    def get_reset_query(self) -> str:
        """Nothing to reset between transactions: ours leave no session state, and asking is a round trip."""
        return ""


class _Row(asyncpg.Record):
    """Columns as attributes: each becomes one of the class when it is first read, else every reading fails first."""

    @property
    def _mapping(self) -> "_Row":
        """Itself: it has keys and values already."""
        return self

    def __getattr__(self, name: str) -> Any:
        try:
            value = self[name]
        except KeyError:
            raise AttributeError(name) from None
        setattr(_Row, name, property(itemgetter(name)))
        return value


@lru_cache(maxsize=1000)
def _spelled(statement: TextClause) -> tuple[str, tuple[str, ...]]:
    """A statement with ``$1`` in place of names, and the names in their order."""
    spelled = statement.compile(dialect=dialect())  # type: ignore[no-untyped-call]
    return str(spelled), tuple(spelled.positiontup or ())
