"""The row of ``instance``: the epoch of this database, which a restore raises."""

from sqlalchemy import text

from shared.database.engine import Transaction

_EPOCH = text("SELECT epoch FROM instance")


async def epoch(connection: Transaction) -> int:
    """The epoch that every event of this transaction carries."""
    return int((await connection.execute(_EPOCH)).scalar_one())
