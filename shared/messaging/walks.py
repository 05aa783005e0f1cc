"""Resumable passes over all customers of the sender, in order of id: one row each, one worker at a time.

A walk is under way while ``after`` is not null: everyone up to that id is done. Who takes the next part claims the row
for a while of machine time, works with no transaction open, and moves ``after`` in the transaction of the work itself:
after a crash somebody goes on where that ended, and who was overtaken finds the row moved and lets go.
"""

from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

SNAPSHOTS = "snapshots"
"""Every snapshot is read: by a new service before it hears events, and again after the sender was restored."""
AUDIT = "audit"
"""Every head is compared."""

_CLAIM_SECONDS = 10.0
_BEGIN = text("UPDATE walks SET after = '', claimed_until = '-infinity' WHERE name = :name")
_BEGIN_UNLESS_UNDER_WAY = text("UPDATE walks SET after = '' WHERE name = :name AND after IS NULL")
_BEGIN_OF_DAY = text(
    """
    UPDATE walks SET after = coalesce(after, ''), began_on = :today
    WHERE name = :name AND began_on IS DISTINCT FROM :today
    """
)
_CLAIM = text(
    """
    UPDATE walks SET claimed_until = clock_timestamp() + make_interval(secs => :seconds)
    WHERE name = :name AND after IS NOT NULL AND claimed_until <= clock_timestamp()
    RETURNING after
    """
)
_MOVE = text(
    """
    UPDATE walks SET after = :to, claimed_until = clock_timestamp() + make_interval(secs => :seconds),
        finished_at = CASE WHEN CAST(:to AS text) IS NULL THEN clock_timestamp() ELSE finished_at END
    WHERE name = :name AND after = :came_from
    RETURNING 1
    """
)
_RELEASE = text("UPDATE walks SET claimed_until = '-infinity' WHERE name = :name")
_AGES = text(
    "SELECT name, extract(epoch FROM clock_timestamp() - finished_at) AS seconds FROM walks WHERE name <> :once"
)
_WAS_FINISHED = text("SELECT finished_at IS NOT NULL FROM walks WHERE name = :name")


class Overtaken(Exception):
    """Another worker went on with the walk, or it was begun anew."""


async def begin(connection: AsyncConnection, name: str) -> None:
    """Walk from the beginning, whatever was under way."""
    await connection.execute(_BEGIN, {"name": name})


async def begin_unless_under_way(connection: AsyncConnection, name: str) -> None:
    """Walk from the beginning; a walk that is under way goes on."""
    await connection.execute(_BEGIN_UNLESS_UNDER_WAY, {"name": name})


async def begin_of_day(connection: AsyncConnection, name: str, today: date) -> None:
    """Walk once each business day; a walk that is under way goes on, and counts for the day."""
    await connection.execute(_BEGIN_OF_DAY, {"name": name, "today": today})


async def claim(connection: AsyncConnection, name: str) -> str | None:
    """After which customer to go on; None when there is nothing to walk, or another worker is at it."""
    row = await connection.execute(_CLAIM, {"name": name, "seconds": _CLAIM_SECONDS})
    after: str | None = row.scalar_one_or_none()
    return after


async def move(connection: AsyncConnection, name: str, came_from: str, to: str | None, *, claimed: bool) -> None:
    """Everyone up to ``to`` is done (None: everyone at all); ``claimed``: who did it goes on at once.

    Raises
    ------
    Overtaken
        The walk is not at ``came_from`` any more: this transaction's work is another's.
    """
    given = {"name": name, "came_from": came_from, "to": to, "seconds": _CLAIM_SECONDS if claimed else 0.0}
    if (await connection.execute(_MOVE, given)).one_or_none() is None:
        raise Overtaken(f"the walk {name} went on without us after {came_from!r}")


async def release(connection: AsyncConnection, name: str) -> None:
    """Let whoever comes next go on at once."""
    await connection.execute(_RELEASE, {"name": name})


async def ages(connection: AsyncConnection) -> dict[str, float | None]:
    """Seconds of machine time since each walk of every day was last finished; None if it never was."""
    rows = await connection.execute(_AGES, {"once": SNAPSHOTS})
    return {row.name: None if row.seconds is None else float(row.seconds) for row in rows}


async def was_finished(connection: AsyncConnection, name: str) -> bool:
    """Whether the walk was ever finished."""
    return bool((await connection.execute(_WAS_FINISHED, {"name": name})).scalar_one())
