"""Read which addresses are suppressed from statements: at first, and once each business day.

Its topic carries state and forgets after 14 days; what bounced before is learnt here alone. A walk
(``shared.messaging.walks``) over pages, asked for with no transaction open; while statements is away it waits.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import structlog

from services.segmenter.outbound.suppressions import SuppressionsPage
from services.segmenter.storage import contacts, customers
from services.segmenter.storage.judging import hold_judgement
from services.segmenter.usecases.judge_customers import judge_customers
from shared.basics.errors import Unavailable
from shared.database.engine import Database, retrying
from shared.messaging import walks
from shared.runtime.clock import Clock

log = structlog.get_logger(__name__)

WALK = "suppressions"

Ask = Callable[[str], Awaitable[SuppressionsPage]]
"""The page at a cursor."""


@dataclass(frozen=True)
class ReadSuppressions:
    """``wake`` tells the relay that there is something to send."""

    database: Database
    clock: Clock
    ask: Ask
    wake: Callable[[], None]

    async def step(self) -> bool:
        """Read the next page; whether there is more to read now."""
        async with self.database.transaction() as connection:
            await walks.begin_of_day(connection, WALK, self.clock.today())
            cursor = await walks.claim(connection, WALK)
        if cursor is None:
            return False
        try:
            page = await self.ask(cursor)
            await retrying(partial(self._take, page, cursor))
        except walks.Overtaken:
            return False
        except Unavailable as error:
            log.warning("reading_suppressions_waits", error=error.detail)
            return False
        self.wake()
        return page.then is not None

    async def _take(self, page: SuppressionsPage, cursor: str) -> None:
        async with self.database.transaction() as connection:
            by, now = await hold_judgement(connection, self.clock.today()), self.clock.now()
            await walks.move(connection, WALK, cursor, page.then, claimed=False)
            known = await customers.lock(connection, {one.customer_id for one in page.suppressed})
            changed = await contacts.keep_suppressed(connection, page.suppressed)
            await judge_customers(connection, known.keys() & changed, by, cause="event", now=now)
