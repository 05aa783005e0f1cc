"""Everyone's standing for hearers that begin or repair: the published cascade first, then customers in order of id.

Each page is read by itself, so what moves meanwhile may be in it or not: its event has a higher sequence and wins.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from services.segmenter.outbound.cascade import published_payload
from services.segmenter.storage.revisions import load_published, load_revision
from services.segmenter.storage.standing_pages import StandingRow, page_standings
from shared.contracts.segments_v1 import CascadePublished
from shared.database.engine import Database

PAGE = 2000


@dataclass(frozen=True)
class ListStandings:
    """Reads where everyone stands, in pages: memory does not grow with their number."""

    database: Database
    page_size: int = PAGE

    async def cascade(self) -> CascadePublished:
        """The cascade in force, as ``cascade.published`` told it."""
        async with self.database.transaction() as connection:
            cascade = await load_published(connection)
            stored = await load_revision(connection, cascade.revision)
        if stored is None:
            raise LookupError(f"revision {cascade.revision} is published and not stored")
        draft = {"segments": stored.segments, "settings": stored.settings}
        return published_payload(stored.revision, draft, cascade.flows)

    async def pages(self, after: str) -> AsyncIterator[list[StandingRow]]:
        """Customers after an id, in order."""
        while True:
            # A reader that leaves must not cancel a query: that would lose its connection.
            found = await asyncio.shield(self._page(after))
            yield found
            if len(found) < self.page_size:
                return
            after = found[-1].customer_id

    async def _page(self, after: str) -> list[StandingRow]:
        async with self.database.transaction() as connection:
            return await page_standings(connection, after, self.page_size)
