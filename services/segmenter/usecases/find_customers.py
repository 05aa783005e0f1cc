"""Lists of customers: a segment's members, whoever a filter finds, and all of them for an export."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from services.segmenter.domain.rules.tree import Condition, Node
from services.segmenter.domain.settings import Settings
from services.segmenter.storage.members import BY_ID, QUICK_FILTERS, Filter, Member, Sort, find_members
from services.segmenter.storage.present_day import present_day
from services.segmenter.storage.revisions import load_published, load_settings
from services.segmenter.usecases.check_rule import CheckRule
from shared.basics.errors import Missing, mistake
from shared.database.engine import Database, Transaction
from shared.runtime.clock import Clock

EXPORT_PAGE = 2000
FARTHEST = timedelta(days=400)


@dataclass(frozen=True)
class Asked:
    """A quick filter, a rule (JSON), or both: then both must hold, as of today or of a coming day."""

    quick: str | None = None
    where: Any | None = None
    as_of: date | None = None
    sort: Sort = BY_ID


@dataclass(frozen=True)
class Found:
    """A page of members, the day it is of, and the settings that quick filters were judged by."""

    members: list[Member]
    as_of: date
    settings: Settings


@dataclass(frozen=True)
class FindCustomers:
    """Finds customers by the published settings."""

    database: Database
    clock: Clock
    check_rule: CheckRule

    async def members(self, segment_id: str, after: tuple[Any, str] | None, limit: int) -> Found:
        """Whoever is in a published segment, in order of id."""
        async with self.database.transaction() as connection:
            cascade = await load_published(connection)
            if not cascade.has(segment_id):
                raise Missing("unknown_segment", f"the published cascade has no segment {segment_id}")
            as_of = await present_day(connection, self.clock.today())
            return await _page(connection, Filter(segment_id), cascade.settings, as_of, BY_ID, after, limit)

    async def search(self, asked: Asked, after: tuple[Any, str] | None, limit: int) -> Found:
        """One page of whoever the filter finds.

        Raises
        ------
        BadInput
            The rule cannot be read, or the day has passed or is too far off.
        """
        async with self.database.transaction() as connection:
            settings = await load_settings(connection)
            wanted, as_of = await self._filter(connection, asked), await self._day(connection, asked)
            return await _page(connection, wanted, settings, as_of, asked.sort, after, limit)

    async def export(self, asked: Asked) -> AsyncIterator[list[Member]]:
        """Everyone the filter finds, in pages: memory does not grow with their number."""
        after = None
        while True:
            # A reader that leaves must not cancel a query: that would lose its connection.
            found = await asyncio.shield(self.search(asked, after, EXPORT_PAGE))
            yield found.members
            if len(found.members) < EXPORT_PAGE:
                return
            after = asked.sort.key(found.members[-1])

    async def check(self, asked: Asked) -> None:
        """Refuse a filter that cannot be read, before anything of an export is sent."""
        async with self.database.transaction() as connection:
            await self._filter(connection, asked)
            await self._day(connection, asked)

    async def _filter(self, connection: Transaction, asked: Asked) -> Filter:
        rules: list[Node] = []
        if asked.quick is not None:
            rules.append(Condition(QUICK_FILTERS[asked.quick], "eq", True))
        if asked.where is not None:
            rules.append(await self.check_rule.of_filter(connection, asked.where))
        return Filter(rules=tuple(rules))

    async def _day(self, connection: Transaction, asked: Asked) -> date:
        present = await present_day(connection, self.clock.today())
        if asked.as_of is not None and not present <= asked.as_of <= present + FARTHEST:
            raise mistake("/as_of", "out_of_range", f"a day from {present} on, at most {FARTHEST.days} days ahead")
        return asked.as_of or present


async def _page(
    connection: Transaction,
    wanted: Filter,
    settings: Settings,
    as_of: date,
    sort: Sort,
    after: tuple[Any, str] | None,
    limit: int,
) -> Found:
    members = await find_members(connection, wanted, settings, as_of, sort=sort, after=after, limit=limit)
    return Found(members, as_of, settings)
