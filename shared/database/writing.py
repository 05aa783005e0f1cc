"""Several statements that write, sent to PostgreSQL as one: one round trip, and one plan, instead of one each.

Each becomes a part of one ``WITH``. All of them see the rows as they were before any of them, so no part may need
what another writes, and no two may write the same row; foreign keys are checked after all.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import TextClause, text

from shared.database.engine import Transaction


class Write(NamedTuple):
    """A statement with its values; no other that is sent with it may use one of their names."""

    statement: TextClause
    values: Mapping[str, Any]


async def write(connection: Transaction, writes: Sequence[Write]) -> None:
    """Send them as one statement."""
    if not writes:
        return
    values = {name: value for one in writes for name, value in one.values.items()}
    if len(values) < sum(len(one.values) for one in writes):
        raise ValueError("two writes name a value alike")
    await connection.execute(_together(tuple(one.statement for one in writes)), values)


@lru_cache(maxsize=500)
def _together(parts: tuple[TextClause, ...]) -> TextClause:
    """Kept, so that the connection knows it again: what is written together repeats itself."""
    *first, last = (part.text for part in parts)
    if not first:
        return parts[0]
    return text(f"WITH {', '.join(f'part_{n} AS ({sql})' for n, sql in enumerate(first))} {last}")
