"""Read where everyone stands from the segmenter: at first, at each start, each business day, and after its restore.

Its topic carries state and forgets after 14 days, so whoever did not move lately is learnt here alone. A walk
(``shared.messaging.walks``): each step compares one page, asked for with no transaction open; while the segmenter is
away it waits, and the rest of the worker lives.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

import structlog

from services.statements.outbound.standings import StandingsPage
from services.statements.storage import rules, segments
from shared.basics.errors import Unavailable
from shared.database.engine import Database, Transaction, retrying
from shared.messaging import walks
from shared.messaging.sequence import Position
from shared.runtime.clock import Clock

log = structlog.get_logger(__name__)

PAGE = 2000

Ask = Callable[[str, int], Awaitable[StandingsPage]]
"""A page of standings: after an id, at most so many."""


@dataclass
class ReadStandings:
    """Its first step begins from the beginning, and so does the first after the segmenter raised its epoch.

    ``began_in``: the segmenter's epoch when this worker last began.
    """

    database: Database
    clock: Clock
    ask: Ask
    page_size: int = PAGE
    began_in: int | None = None

    async def step(self) -> bool:
        """Read the next page; whether there is more to read now."""
        async with self.database.transaction() as connection:
            epoch = await segments.segmenters_epoch(connection)
            if epoch != self.began_in:
                await walks.begin(connection, segments.WALK)
            await walks.begin_of_day(connection, segments.WALK, self.clock.today())
            after = await walks.claim(connection, segments.WALK)
        self.began_in = epoch
        if after is None:
            return False
        try:
            return await self._read(after)
        except walks.Overtaken:
            return False
        except Unavailable as error:
            log.warning("reading_standings_waits", after=after, error=error.detail)
            return False

    async def _read(self, after: str) -> bool:
        async with self.database.transaction() as connection:
            own = await segments.page_of_assigned(connection, after, self.page_size)
        page = await self.ask(after, self.page_size)
        upto = _upto(page, own, self.page_size)
        await retrying(partial(self._take, page, own, after, upto))
        return upto is not None

    async def _take(self, page: StandingsPage, own: Mapping[str, Position], after: str, upto: str | None) -> None:
        told = {
            one.customer_id: (Position(one.epoch, one.sequence), one.segment_id)
            for one in page.standings
            if upto is None or one.customer_id <= upto
        }
        async with self.database.transaction() as connection:
            await walks.move(connection, segments.WALK, after, upto, claimed=False)
            await _publish(connection, page)
            await segments.assign(connection, told)
            await segments.leave(
                connection,
                {one: at for one, at in own.items() if one not in told and (upto is None or one <= upto)},
            )


def _upto(page: StandingsPage, own: Mapping[str, Position], limit: int) -> str | None:
    """Up to which customer both pages are complete; None: to the end.

    What the segmenter lacks was known here before it was asked: so it is gone there, and not on its way.
    """
    theirs = [one.customer_id for one in page.standings]
    ends = [max(ids) for ids in (theirs, list(own)) if len(ids) >= limit]
    return min(ends, default=None)


async def _publish(connection: Transaction, page: StandingsPage) -> None:
    """Note the cascade in force. The stream gives it no sequence: before all events of its revision, so 0."""
    at = Position(max((one.epoch for one in page.standings), default=0), 0)
    if await segments.publish(connection, at, page.cascade):
        await rules.look_again(connection)
