"""One pool of connections, and transactions as visible ``async with`` blocks.

A pool that is exhausted or a server that is away becomes ``Unavailable`` (503, or a later try): never a stack trace.
"""

import asyncio
import math
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeAlias, TypeVar, cast

import asyncpg
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from shared.basics.errors import Unavailable
from shared.database.connecting import COMMAND_SECONDS, CONNECT_SECONDS, REFUSED, numerics_as_text, server_settings
from shared.database.direct import DirectPool
from shared.database.traced_statements import trace_statements
from shared.runtime import tracing

T = TypeVar("T")
Transaction: TypeAlias = AsyncConnection
"""An open transaction, as use cases hand it to storage."""

_RETRIED_STATES = {
    "40001",  # serialization failure
    "40P01",  # deadlock
    "23505",  # another transaction stored the same key after this one had looked
}
_PASSING_CLASSES = {
    "08",  # the connection broke
    "40",  # rolled back
    "53",  # out of disk, memory or connections
    "55",  # locked by others
    "57",  # a statement timeout, or whoever runs the server
    "58",  # the system below the server
}
_TRIES = 5
_PAUSE_SECONDS = 0.02
_USED = "cascada_used"
_RESTED_SECONDS = 1.0


def async_url(url: str) -> str:
    """A plain ``postgresql://`` URL as SQLAlchemy wants it for asyncpg."""
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


class Database:
    """The connections of one process to its service's database."""

    def __init__(self, url: str, *, name: str, connections: int = 10) -> None:
        self._engine = create_async_engine(
            async_url(url),
            pool_size=connections,
            max_overflow=0,
            hide_parameters=True,
            pool_timeout=5,
            connect_args={
                "timeout": CONNECT_SECONDS,
                "command_timeout": COMMAND_SECONDS,
                "server_settings": server_settings(name),
            },
        )
        event.listen(self._engine.sync_engine, "connect", _prepare)
        event.listen(self._engine.sync_engine, "checkin", _note_use)
        event.listen(self._engine.sync_engine, "checkout", self._check_if_idle)
        if tracing.is_on():
            trace_statements(self._engine.sync_engine)
        self._direct = DirectPool(url, name=name, connections=connections)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """One transaction: committed at the end of the block, rolled back by an exception.

        Raises
        ------
        Unavailable
            The pool is exhausted or the server cannot be reached.
        """
        try:
            async with self._engine.begin() as connection:
                yield connection
        except PoolTimeout as error:
            raise Unavailable("database_unavailable", "the database has no free connection now") from error
        except (OSError, *REFUSED) as error:
            raise Unavailable("database_unavailable", "the database does not answer now") from error
        except DBAPIError as error:
            if _is_refusal(error):
                raise Unavailable("database_unavailable", "the database does not answer now") from error
            if error.connection_invalidated:
                raise Unavailable("database_unavailable", "the connection to the database broke") from error
            raise

    def direct_transaction(self) -> AbstractAsyncContextManager[Transaction]:
        """The same for a few small statements by key, without SQLAlchemy between (``shared.database.direct``)."""
        return cast(AbstractAsyncContextManager[Transaction], self._direct.transaction())

    def direct_statements(self) -> AbstractAsyncContextManager[Transaction]:
        """The same connections without a transaction around the block: each statement is one by itself."""
        return cast(AbstractAsyncContextManager[Transaction], self._direct.statements())

    def _check_if_idle(self, connection: Any, record: Any, _proxy: Any) -> None:
        """A connection that rested may have lost its server; asking each time would cost every write a round trip."""
        if time.monotonic() < record.info.get(_USED, math.inf) + _RESTED_SECONDS:
            return
        dialect = self._engine.dialect
        try:
            dialect.do_ping(connection)
        except dialect.loaded_dbapi.Error as error:
            raise DisconnectionError("the server of a resting connection is gone") from error

    async def is_ready(self) -> bool:
        """Whether a trivial query is answered."""
        try:
            async with self.transaction() as connection:
                await connection.execute(text("SELECT 1"))
        except Unavailable:
            return False
        return True

    async def close(self) -> None:
        """Give all connections back."""
        await self._direct.close()
        await self._engine.dispose()


def _is_refusal(error: DBAPIError) -> bool:
    """Whether a server that is starting, stopping or full let nobody in; SQLAlchemy wraps that twice."""
    return isinstance(getattr(error.orig, "__cause__", None), REFUSED)


def _note_use(_connection: Any, record: Any) -> None:
    record.info[_USED] = time.monotonic()


def _prepare(connection: Any, _record: Any) -> None:
    connection.run_async(numerics_as_text)


def passes_by_itself(error: Exception) -> bool:
    """Whether a later try of the same work may well succeed: a part is away, a statement took too long, a lost race."""
    return isinstance(error, Unavailable) or _lost_a_race(error) or (_state(error) or "")[:2] in _PASSING_CLASSES


def _lost_a_race(error: Exception) -> bool:
    return _state(error) in _RETRIED_STATES


def _state(error: Exception) -> str | None:
    """The SQLSTATE, of an error that the server told."""
    said = error.orig if isinstance(error, DBAPIError) else error
    return getattr(said, "sqlstate", None)


async def retrying(work: Callable[[], Awaitable[T]]) -> T:
    """Run a whole transaction again, with jitter, when it lost a race: serialization, deadlock, same key (5 tries)."""
    for tried in range(_TRIES - 1):
        try:
            return await work()
        except (DBAPIError, asyncpg.PostgresError) as error:
            if not _lost_a_race(error):
                raise
            await asyncio.sleep(random.uniform(0, _PAUSE_SECONDS * 2**tried))  # noqa: S311 - it keeps no secret
    return await work()


async def unless_beaten(work: Callable[[], Awaitable[T]]) -> T | None:
    """What a piece of work gives; None when it lost a race, and nothing of it was written."""
    try:
        return await work()
    except (DBAPIError, asyncpg.PostgresError) as error:
        if not _lost_a_race(error):
            raise
        return None
