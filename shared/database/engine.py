"""One pool of connections, and transactions as visible ``async with`` blocks.

A pool that is exhausted or a server that is away becomes ``Unavailable`` (503, or a later try): never a stack trace.
"""

import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar

import asyncpg
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from shared.basics.errors import Unavailable
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
_REFUSED = (
    asyncpg.exceptions.CannotConnectNowError,
    asyncpg.exceptions.TooManyConnectionsError,
    asyncpg.exceptions.PostgresConnectionError,
    asyncpg.exceptions.AdminShutdownError,
)
_USED = "cascada_used"
_RESTED_SECONDS = 1.0
_SERVER_SETTINGS = {
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "60s",
    "timezone": "UTC",
    # Our statements are long and touch few rows a call: compiling one takes longer than running it.
    "jit": "off",
}


def async_url(url: str) -> str:
    """A plain ``postgresql://`` URL as SQLAlchemy wants it for asyncpg."""
    return url.replace("postgresql://", "postgresql+asyncpg://", 1)


async def numerics_as_text(connection: asyncpg.Connection) -> None:
    """Send and read ``numeric`` in its decimal spelling: three times cheaper here than asyncpg's binary one."""
    await connection.set_type_codec("numeric", schema="pg_catalog", encoder=str, decoder=Decimal, format="text")


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
                "timeout": 5,
                "command_timeout": 60,
                "server_settings": {**_SERVER_SETTINGS, "application_name": name},
            },
        )
        event.listen(self._engine.sync_engine, "connect", _prepare)
        event.listen(self._engine.sync_engine, "checkin", _note_use)
        event.listen(self._engine.sync_engine, "checkout", self._check_if_idle)
        if tracing.is_on():
            trace_statements(self._engine.sync_engine)

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
        except (PoolTimeout, OSError, *_REFUSED) as error:
            raise Unavailable("database_unavailable", "the database has no free connection now") from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise Unavailable("database_unavailable", "the connection to the database broke") from error
            raise

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
        await self._engine.dispose()


def _note_use(_connection: Any, record: Any) -> None:
    record.info[_USED] = time.monotonic()


def _prepare(connection: Any, _record: Any) -> None:
    connection.run_async(numerics_as_text)


def _lost_a_race(error: BaseException) -> bool:
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in _RETRIED_STATES


async def retrying(work: Callable[[], Awaitable[T]]) -> T:
    """Run a whole transaction again, with jitter, when it lost a race: serialization, deadlock, same key (5 tries)."""
    tries = AsyncRetrying(
        retry=retry_if_exception(_lost_a_race),
        stop=stop_after_attempt(5),
        wait=wait_random_exponential(multiplier=0.02, max=1),
        reraise=True,
    )

    async def once() -> T:  # tenacity awaits coroutine functions alone, not what a lambda returns
        return await work()

    return await tries(once)
