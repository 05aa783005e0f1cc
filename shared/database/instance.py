"""The epoch of a service's database: in every event it tells, so that hearers know a restored database by it.

A higher epoch wins over any sequence. It is raised to the seconds of the machine's clock rather than by one: a backup
may be older than the last restore, and one more than its epoch could be a number that hearers have seen already.
"""

from sqlalchemy import text

from shared.database.engine import Database, Transaction

_EPOCH = text("SELECT epoch FROM instance")
_RAISE = text(
    """
    UPDATE instance SET epoch = greatest(epoch + 1, CAST(extract(epoch FROM clock_timestamp()) AS bigint))
    RETURNING epoch
    """
)


async def load_epoch(connection: Transaction) -> int:
    """The epoch that every event of this transaction carries."""
    return int((await connection.execute(_EPOCH)).scalar_one())


async def raise_epoch(database: Database) -> int:
    """Say that this database was restored; the new epoch."""
    async with database.transaction() as connection:
        return int((await connection.execute(_RAISE)).scalar_one())
