"""Tell hearers of ``segments.v1`` where everyone stands, for a start or a repair: the cascade first, then customers."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from services.segmenter.outbound.cascade import published_payload
from services.segmenter.storage.bootstrap import StandingLine, load_lines
from services.segmenter.storage.flows import load_flows
from services.segmenter.storage.revisions import load_published, load_revision
from shared.contracts.segments_v1 import CascadePublished
from shared.database.engine import Database

PAGE = 2000
"""Customers read at once, so that memory does not grow with their number."""


@dataclass(frozen=True)
class TellStandings:
    """Reads without locking; each page is as of a moment of its own."""

    database: Database
    page_size: int = PAGE

    async def __call__(self, after: str) -> AsyncIterator[Sequence[CascadePublished | StandingLine]]:
        """The published cascade, then everyone after an id, in order of id."""
        yield [await asyncio.shield(self._cascade())]
        while True:
            # A reader that leaves must not cancel a query: that would lose its connection.
            page = await asyncio.shield(self._page(after))
            yield page
            if len(page) < self.page_size:
                return
            after = page[-1].customer_id

    async def _cascade(self) -> CascadePublished:
        async with self.database.transaction() as connection:
            number = (await load_published(connection, share_lock=False)).revision
            stored = await load_revision(connection, number)
            if stored is None:
                raise LookupError(f"revision {number} is in force and missing")
            told = {"segments": stored.segments, "settings": stored.settings}
            return published_payload(number, told, await load_flows(connection))

    async def _page(self, after: str) -> list[StandingLine]:
        async with self.database.transaction() as connection:
            return await load_lines(connection, after, self.page_size)
