"""The sequence of what is told about everyone (key ``~cascade``): one row, whose lock puts tellers in order."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_NEXT = text("UPDATE telling SET sequence = sequence + 1, told_at = clock_timestamp() RETURNING sequence")
_NEXT_IF_DUE = text(
    """
    UPDATE telling SET sequence = sequence + 1, told_at = clock_timestamp()
    WHERE told_at <= clock_timestamp() - make_interval(secs => :seconds) RETURNING sequence
    """
)


async def next_sequence(connection: AsyncConnection) -> int:
    """The sequence of the next event about everyone."""
    sequence: int = (await connection.execute(_NEXT)).scalar_one()
    return sequence


async def next_sequence_if_due(connection: AsyncConnection, seconds: float) -> int | None:
    """The same, if nothing was told for a while (machine time), so that of all workers one tells."""
    sequence: int | None = (await connection.execute(_NEXT_IF_DUE, {"seconds": seconds})).scalar_one_or_none()
    return sequence
