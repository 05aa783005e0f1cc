"""Reading everything: a new service reads all snapshots of customers first, then hears its topic.

The same reading mends everyone when most of a service's customers differ from their owner, such as after a restore: a
stream of snapshots costs a fraction of asking for each. It is a walk (``shared.messaging.walks``): resumable, one
worker at a time, and while customers is away it waits, and the rest of the worker lives.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.basics.errors import Unavailable
from shared.contracts.customers_snapshots import Snapshot, SnapshotVariable
from shared.database.engine import Database, retrying
from shared.messaging import walks
from shared.messaging.repair import Repairer
from shared.runtime.loops import Loop, StopFlag

log = structlog.get_logger(__name__)

Told = SnapshotVariable | Snapshot
Read = Callable[[str], AsyncGenerator[Told, None]]
"""Every customer after an id, in order; before the first of all the declared variables."""
Declare = Callable[[AsyncConnection, Sequence[SnapshotVariable]], Awaitable[None]]
"""Keeps declarations, unless later ones are known."""

_BATCH = 200
_BATCHES_A_STEP = 10
_LOOK_SECONDS = 0.5


async def declare_nothing(connection: AsyncConnection, variables: Sequence[SnapshotVariable]) -> None:
    """For services that have no use for custom variables."""


@dataclass(frozen=True)
class Bootstrap:
    """Reads everything where the walk stands, through the repairer."""

    database: Database
    read: Read
    repairer: Repairer
    declare: Declare = declare_nothing

    async def step(self) -> bool:
        """Read the next customers, at most 2,000; whether there may be more."""
        async with self.database.transaction() as connection:
            after = await walks.claim(connection, walks.SNAPSHOTS)
        if after is None:
            return False
        try:
            await self._read_on(after)
        except walks.Overtaken:
            return False
        except Unavailable as error:
            log.warning("reading_everything_waits", after=after, error=error.detail)
            async with self.database.transaction() as connection:
                await walks.release(connection, walks.SNAPSHOTS)
            return False
        return True

    async def _read_on(self, after: str) -> None:
        async with aclosing(self.read(after)) as told:
            for _ in range(_BATCHES_A_STEP):
                batch = await _next(told, _BATCH)
                last = next((one.customer_id for one in reversed(batch) if isinstance(one, Snapshot)), after)
                to = last if len(batch) == _BATCH else None
                await retrying(partial(self._take, batch, after, to))
                if to is None:
                    return
                after = to
        async with self.database.transaction() as connection:
            await walks.release(connection, walks.SNAPSHOTS)

    async def _take(self, batch: Sequence[Told], came_from: str, to: str | None) -> None:
        async with self.database.transaction() as connection:
            await walks.move(connection, walks.SNAPSHOTS, came_from, to, claimed=True)
            await self.declare(connection, [one for one in batch if isinstance(one, SnapshotVariable)])
            found = {one.customer_id: one for one in batch if isinstance(one, Snapshot)}
            if found:
                await self.repairer.mend(connection, found)

    def before(self, loop: Loop) -> Loop:
        """A loop that begins once everything was read for the first time, by whichever worker."""

        async def waiting(stop: StopFlag) -> None:
            while not stop.is_raised and not await self._was_finished():
                await stop.wait(_LOOK_SECONDS)
            if not stop.is_raised:
                await loop(stop)

        return waiting

    async def _was_finished(self) -> bool:
        try:
            async with self.database.transaction() as connection:
                return await walks.was_finished(connection, walks.SNAPSHOTS)
        except Unavailable as error:
            log.warning("hearing_waits", error=error.detail)
            return False


async def _next(told: AsyncGenerator[Told, None], number: int) -> list[Told]:
    """The next so many; fewer at the end."""
    found: list[Told] = []
    async for one in told:
        found.append(one)
        if len(found) == number:
            break
    return found
