"""Actualizar, as the worker carries it out: prepare, publish, converge; each step one short transaction.

``preparing`` counts what everyone paid, which says the cutoffs of *top*; it can still be cancelled and changes nothing
that can be seen. ``publishing`` flips one row. ``converging`` reassigns everyone in ascending key ranges, while events
already judge by the new revision. Asked for in ``inbound/http``; resumed by any worker from what the row says.
"""

from dataclasses import dataclass

import structlog

from services.segmenter.outbound.cascade import SOURCE, about_everyone, published_payload
from services.segmenter.storage import outgoing
from services.segmenter.storage.cascade_sequence import next_sequence
from services.segmenter.storage.day_turn import hold_day
from services.segmenter.storage.judging import hold_judgement
from services.segmenter.storage.mismatches import RANGE, Range, find_mismatches
from services.segmenter.storage.publishing import keep_effect, load_effect, publish
from services.segmenter.storage.refresh_job import (
    RefreshJob,
    claim_refresh,
    note_counted,
    note_failed,
    note_prepared,
    note_progress,
    note_published,
)
from services.segmenter.storage.revisions import load_published
from services.segmenter.storage.top_cutoffs import count_amounts, fix_top_cutoffs, forget_amounts
from services.segmenter.usecases.judge_customers import judge_customers
from shared.basics.errors import KnownError
from shared.database.changes import Change, record
from shared.database.engine import Database, Transaction, passes_by_itself, retrying
from shared.database.instance import load_epoch
from shared.messaging import outbox
from shared.runtime.clock import Clock

log = structlog.get_logger(__name__)

COUNTED = 10_000
"""Customers whose payments are counted in a step, or amounts forgotten: well under 0.3 s as well."""
BACKLOG = 20_000
"""Unsent events beyond which a refresh waits, so that live moves do not wait behind it."""


@dataclass(frozen=True)
class RunRefresh:
    """Carries the refresh under way to its end, whoever began it: so many customers (``range_size``) a step, so many
    (``counted``) where they are only counted."""

    database: Database
    clock: Clock
    range_size: int = RANGE
    counted: int = COUNTED

    async def step(self) -> bool:
        """Take the refresh one step further; whether there is more to do at once.

        What would fail again for ever ends a refresh that is not published; after anything else the loop tries again.
        """
        try:
            return await retrying(self._step)
        except Exception as error:
            if passes_by_itself(error):
                raise
            async with self.database.transaction() as connection:
                await note_failed(connection, _reason(error))
            raise

    async def _step(self) -> bool:
        async with self.database.transaction() as connection:
            job = await claim_refresh(connection)
            if job is None:
                return False
            if job.state == "preparing":
                await self._prepare(connection, job)
                return True
            if job.state == "publishing":
                await self._publish(connection, job)
                return True
            seen = await self._converge(connection, job)
        if seen is None:
            return False
        if seen.last is None:
            log.info("refresh_done", refresh_id=str(job.refresh_id), revision=job.revision)
        return seen.last is not None

    async def _prepare(self, connection: Transaction, job: RefreshJob) -> None:
        as_of, settings, after = await hold_day(connection, self.clock.today()), job.draft["settings"], job.watermark
        if job.as_of != as_of:  # nobody is counted yet, or a day has begun in between
            if not await forget_amounts(connection, self.counted):
                return
            after = None
        last = await count_amounts(connection, settings, as_of, after=after or "", limit=self.counted)
        if last is not None:
            await note_counted(connection, job, last, as_of)
            return
        fixed = await fix_top_cutoffs(connection, settings)
        await note_prepared(connection, job, {**job.draft, "settings": fixed}, as_of)

    async def _publish(self, connection: Transaction, job: RefreshJob) -> None:
        now = self.clock.now()
        revision = await publish(connection, job.draft, published_by=job.requested_by, published_at=now)
        await note_published(connection, job, revision)
        published = Change("cascade", {"revision": revision - 1}, {"revision": revision})
        await record(connection, [published], by=job.requested_by or SOURCE, at=now)
        payload = published_payload(revision, job.draft, (await load_published(connection)).flows)
        sequence, epoch = await next_sequence(connection), await load_epoch(connection)
        event = about_everyone(payload, "cascade.published", sequence=sequence, epoch=epoch, now=now)
        await outgoing.put(connection, [event])

    async def _converge(self, connection: Transaction, job: RefreshJob) -> Range | None:
        """Judge the next range; None while the outbox is to become shorter first."""
        if await outbox.count_unsent(connection) > BACKLOG:
            return None
        by, now = await hold_judgement(connection, self.clock.today()), self.clock.now()
        found = await find_mismatches(connection, by, after=job.watermark or "", limit=self.range_size)
        moves = await judge_customers(connection, found.ids, by, cause="refresh", now=now)
        effect = await load_effect(connection, by.revision)
        await keep_effect(connection, by.revision, effect.plus(moves))
        changed = sum(move.changes_segment for move in moves)
        await note_progress(connection, job, seen=found.seen, changed=changed, watermark=found.last)
        return found


def _reason(error: Exception) -> str:
    """What may be shown to whoever asked for it; the log says the rest."""
    return f"{error.code}: {error.detail}"[:500] if isinstance(error, KnownError) else type(error).__name__
