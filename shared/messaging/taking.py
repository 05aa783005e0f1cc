"""How a batch is taken for good: applied whole, or, if something in it fails, event by event.

A large batch may be taken in shares at once, each with customers of its own, as workers share partitions: while
PostgreSQL works for one share, Python works for another.

A database that is away or a lost race is waited for, until we are told to stop: nothing is dropped. An event that
fails by itself is quarantined and its customer repaired from a snapshot, and the flow goes on. A long run of failures
is no bad event but our bug: then the process stops with an alarm, and its offsets stay.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence

import structlog
from sqlalchemy.exc import OperationalError
from tenacity import AsyncRetrying, before_sleep_log, retry_if_exception_type, wait_random_exponential

from shared.basics.errors import Unavailable
from shared.database.engine import Database, retrying
from shared.messaging.batch import Batch, Event, NotTaken, Unreadable
from shared.messaging.hearing import set_aside
from shared.messaging.traced import heard
from shared.runtime import tracing
from shared.runtime.failures import told_briefly
from shared.runtime.known import knowing
from shared.runtime.loops import StopFlag

log = structlog.get_logger(__name__)

Apply = Callable[[Batch], Awaitable[None]]
"""Applies a batch in one transaction of the service, ``keep_hearing`` included."""

_AWAY = (Unavailable, OperationalError)
_RUN_OF_FAILURES = 20
_WORTH_SHARING = 400
"""Events of a batch from which on it is taken in shares: a transaction costs as much as dozens of events."""


class RunOfFailures(Exception):
    """So many events in a row could not be applied that going on would be wrong."""


class Taking:
    """Makes an ``Apply`` safe against events that fail and databases that come back.

    ``shares``: how many transactions take a large batch at once. ``stop``: until when a database is waited for.
    """

    def __init__(
        self,
        database: Database,
        apply: Apply,
        sequenced: Collection[str],
        *,
        shares: int = 1,
        stop: StopFlag | None = None,
    ) -> None:
        self._database = database
        self._apply = apply
        self._sequenced = sequenced
        self._shares = shares
        self._stop = stop or StopFlag()
        self._failures = 0

    async def take(self, batch: Batch) -> None:
        """Take a batch for good.

        Raises
        ------
        RunOfFailures
            Twenty events in a row failed by themselves.
        NotTaken
            The flag went up while the database was away.
        """
        if self._shares == 1 or len(batch.events) < _WORTH_SHARING:
            await self._take_together(batch)
            return
        shares = _share(batch.events, self._shares)
        ends = await asyncio.gather(*map(self._take_together, map(Batch, shares)), return_exceptions=True)
        for end in ends:
            if isinstance(end, BaseException):
                raise end
        await self._apply_patiently(Batch((), batch.unreadable, batch.progress))

    async def _take_together(self, batch: Batch) -> None:
        try:
            await self._apply_patiently(batch)
            self._failures = 0
        except NotTaken:
            raise
        except Exception:
            log.exception("batch_failed", events=len(batch.events))
            for event in batch.events:
                await self._take_alone(event)
            await self._apply_patiently(Batch((), batch.unreadable, batch.progress))

    async def _take_alone(self, event: Event) -> None:
        said = event.envelope
        trace_id = tracing.trace_id_of(said.traceparent)
        with knowing(trace_id=trace_id, customer_id=said.key, event_id=said.id, event_type=said.type):
            await self._try_alone(event)

    async def _try_alone(self, event: Event) -> None:
        try:
            await self._apply_patiently(Batch([event]))
            self._failures = 0
        except NotTaken:
            raise
        except Exception as error:
            self._failures += 1
            log.exception("event_failed", run=self._failures)
            if self._failures >= _RUN_OF_FAILURES:
                raise RunOfFailures(f"{self._failures} events in a row could not be applied") from error
            await self._set_aside(event, told_briefly(error))

    async def _set_aside(self, event: Event, reason: str) -> None:
        failed = Unreadable(event.record, event.envelope, reason)

        async def keep() -> None:
            async with self._database.transaction() as connection:
                await set_aside(connection, failed, sequenced=self._sequenced)

        await self._patiently(keep)

    async def _apply_patiently(self, batch: Batch) -> None:
        with heard(batch):
            await self._patiently(lambda: self._apply(batch))

    async def _patiently(self, work: Callable[[], Awaitable[None]]) -> None:
        tries = AsyncRetrying(
            retry=retry_if_exception_type(_AWAY),
            wait=wait_random_exponential(multiplier=0.2, max=5),
            stop=lambda _: self._stop.is_raised,
            sleep=self._stop.wait,
            before_sleep=before_sleep_log(log, 30),
            reraise=True,
        )
        try:
            await tries(retrying, work)
        except _AWAY as error:
            raise NotTaken("told to stop while the database is away") from error


def _share(events: Sequence[Event], shares: int) -> list[list[Event]]:
    """The events of a customer, in their order, are all in one share."""
    found: list[list[Event]] = [[] for _ in range(shares)]
    for event in events:
        found[hash(event.envelope.key) % shares].append(event)
    return [share for share in found if share]
