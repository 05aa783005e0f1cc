"""The cascade in force, with how many customers each segment has now; and the revisions before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from services.segmenter.domain.cascade import Cascade
from services.segmenter.storage.revisions import (
    Revision,
    load_published,
    load_revision,
    page_revisions,
    read_cascade,
)
from services.segmenter.storage.segment_counts import SegmentCount
from services.segmenter.storage.settings_json import settings_of
from services.segmenter.usecases.recent_count import RecentCount
from shared.basics.errors import Missing
from shared.database.engine import Database, Transaction


@dataclass(frozen=True)
class Published:
    """A revision as stored, and read; ``counts`` by segment, None for revisions that are no longer in force."""

    stored: Revision
    cascade: Cascade
    counts: Mapping[str, SegmentCount] | None = None
    counted_at: datetime | None = None


@dataclass(frozen=True)
class ReadCascade:
    """Reads what is published."""

    database: Database
    counts: RecentCount

    async def in_force(self) -> Published:
        """The cascade that customers are judged by, counted a moment ago at most."""
        async with self.database.transaction() as connection:
            cascade = await load_published(connection)
            stored = await _get(connection, cascade.revision)
        counted = await self.counts.of(cascade.revision)
        return Published(stored, cascade, counted.of, counted.at)

    async def revision(self, number: int) -> Published:
        """One revision, as it was published."""
        async with self.database.transaction() as connection:
            return await _read(connection, await _get(connection, number))

    async def page(self, before: int, limit: int) -> list[Published]:
        """Revisions before a number, the newest first."""
        async with self.database.transaction() as connection:
            return [await _read(connection, stored) for stored in await page_revisions(connection, before, limit)]


async def _get(connection: Transaction, number: int) -> Revision:
    found = await load_revision(connection, number)
    if found is None:
        raise Missing("unknown_revision", f"there is no revision {number}")
    return found


async def _read(connection: Transaction, stored: Revision) -> Published:
    settings = settings_of(stored.settings)
    return Published(stored, await read_cascade(connection, stored.revision, stored.segments, settings))
