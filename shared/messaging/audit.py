"""The audit: at start and once each business day, everyone is compared with the heads of the customers service.

It finds what no event tells: a last event that was lost, a topic that was emptied, a database restored on either side,
rows deleted by hand. It marks; the repairer mends. Each step compares one page (a walk, see ``shared.messaging.walks``)
and asks with no transaction open.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import structlog

from shared.basics.errors import Unavailable
from shared.contracts.customers_snapshots import Head, SnapshotVariable
from shared.contracts.customers_v1 import TOPIC
from shared.database.engine import Database, retrying
from shared.messaging import walks
from shared.messaging.bootstrap import Declare, declare_nothing
from shared.messaging.hearing import all_fall_behind, facts_through
from shared.messaging.positions import page_of_positions
from shared.messaging.sequence import NOTHING, Position
from shared.runtime.clock import Clock

log = structlog.get_logger(__name__)

_PAGE = 5000
_MANY = 500
"""From so many differing in a page on, reading everything is cheaper than asking for each."""
_HEARD_WITHIN_SECONDS = 5.0
_LOOK_SECONDS = 0.2


class Sender(Protocol):
    """What the owner of the facts answers (``shared.messaging.snapshots``)."""

    async def heads(self, after: str, limit: int) -> Sequence[Head]:
        """A page of heads: after an id, at most so many, in order of id."""
        ...

    async def variables(self) -> Sequence[SnapshotVariable]:
        """Every declared variable."""
        ...


@dataclass(frozen=True)
class Comparison:
    """What comparing one page found: whom to repair and from where on, up to which customer (None: the end)."""

    lost: Mapping[str, Position]
    unknown: Mapping[str, Position]
    ahead: Sequence[str]
    upto: str | None


def compare(theirs: Sequence[Head], own: Mapping[str, Position], page: int = _PAGE) -> Comparison:
    """Compare two pages as far as both are complete.

    ``lost``: the sender is further, or under another epoch; ``unknown`` to the sender; ``ahead`` of the sender.
    """
    ends = [max(ids) for ids in ({head.customer_id for head in theirs}, own.keys()) if len(ids) >= page]
    upto = min(ends) if ends else None
    heads = {h.customer_id: Position(h.epoch, h.seq) for h in theirs if upto is None or h.customer_id <= upto}
    mine = {one: at for one, at in own.items() if upto is None or one <= upto}
    return Comparison(
        lost={one: at for one, at in heads.items() if mine.get(one, NOTHING) < at},
        unknown={one: at for one, at in mine.items() if one not in heads},
        ahead=[one for one, at in heads.items() if mine.get(one, NOTHING) > at],
        upto=upto,
    )


@dataclass
class Auditor:
    """Compares the hearer with the sender of ``customers.v1``. Its first step begins from the beginning."""

    database: Database
    clock: Clock
    sender: Sender
    declare: Declare = declare_nothing
    has_begun: bool = False

    async def step(self) -> bool:
        """Compare the next page of customers; whether there is more to compare now."""
        async with self.database.transaction() as connection:
            if not self.has_begun:
                await walks.begin(connection, walks.AUDIT)
            await walks.begin_of_day(connection, walks.AUDIT, self.clock.today())
            after = await walks.claim(connection, walks.AUDIT)
        self.has_begun = True
        if after is None:
            return False
        try:
            return await self._audit(after)
        except walks.Overtaken:
            return False
        except Unavailable as error:
            log.warning("audit_waits", after=after, error=error.detail)
            return False

    async def _audit(self, after: str) -> bool:
        if not after:
            await self._declare(await self.sender.variables())
        before = await self._own(after)
        theirs = await self.sender.heads(after, _PAGE)
        asked_at = self.clock.now()
        found = compare(theirs, before)
        if found.ahead:  # what was known before the sender answered cannot be ahead, unless the sender went back
            log.error("sender_went_back", customers=len(found.ahead), first=found.ahead[0], remedy="after-restore")
        if found.lost or found.unknown:
            if not await self._has_heard(asked_at):
                return False
            found = compare(theirs, await self._own(after))
        await retrying(lambda: self._mark(found, after))
        return found.upto is not None

    async def _declare(self, variables: Sequence[SnapshotVariable]) -> None:
        async with self.database.transaction() as connection:
            await self.declare(connection, variables)

    async def _own(self, after: str) -> Mapping[str, Position]:
        async with self.database.transaction() as connection:
            return await page_of_positions(connection, after, _PAGE)

    async def _has_heard(self, instant: datetime) -> bool:
        """Whether, within a few seconds, all events up to an instant are applied: what is on its way is not lost."""
        deadline = time.monotonic() + _HEARD_WITHIN_SECONDS
        while True:
            async with self.database.transaction() as connection:
                through = await facts_through(connection, TOPIC)
            if through is not None and through >= instant:
                return True
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(_LOOK_SECONDS)

    async def _mark(self, found: Comparison, after: str) -> None:
        async with self.database.transaction() as connection:
            await walks.move(connection, walks.AUDIT, after, found.upto, claimed=False)
            await all_fall_behind(connection, found.lost, "audit: the sender is further")
            await all_fall_behind(connection, found.unknown, "audit: unknown to the sender")
            if len(found.lost) >= _MANY:
                await walks.begin_unless_under_way(connection, walks.SNAPSHOTS)
        if found.lost or found.unknown:
            log.warning("audit_found", after=after, lost=len(found.lost), unknown=len(found.unknown))
