"""A transaction that sees the database as it was at one moment, in place of each statement as it finds it."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_READING = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
_WRITING = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


async def at_one_moment(connection: AsyncConnection, *, writing: bool = False) -> None:
    """Let all be of one moment that this transaction, which has asked nothing yet, is going to read.

    If it is ``writing``, a row that another one changed since makes it fail as a lost race.
    """
    await connection.execute(_WRITING if writing else _READING)
