"""The epoch of this database, which the restore runbook raises: it is in every event told."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_EPOCH = text("SELECT epoch FROM instance")


async def load_epoch(connection: AsyncConnection) -> int:
    """The present epoch."""
    epoch: int = (await connection.execute(_EPOCH)).scalar_one()
    return epoch
