"""Who else speaks to a test's database: what races and counted rows wait for."""

from sqlalchemy import TextClause, text

from shared.database.engine import Database

_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
_CONNECTED = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")


async def count_waiting(database: Database) -> int:
    """How many sessions wait for a lock."""
    return await _count(database, _WAITING)


async def is_alone(database: Database) -> bool:
    """Whether no other session is left: a server process tells its statistics when it ends."""
    return await _count(database, _CONNECTED) == 1


async def _count(database: Database, query: TextClause) -> int:
    async with database.transaction() as connection:
        return int((await connection.execute(query)).scalar_one())
