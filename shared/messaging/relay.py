"""The relay: hands the outbox to Kafka, in order, one relay per service at a time.

Whoever gets the transaction-scoped advisory lock sends this batch; the others find it taken and wait. A batch without
acknowledgement stays in the outbox and is sent again: the receivers' sequence absorbs the repeat. This is the one
place that calls the network inside a transaction, and it holds nothing but that lock.

An event that is larger than Kafka takes would hold up all others for good. It is dropped: its receivers find the gap
and ask for the customer's snapshot, as they do for a record that was lost.
"""

import asyncio
from collections.abc import Iterable

import structlog
from sqlalchemy import text

from shared.contracts.envelope import Envelope
from shared.database.engine import Database
from shared.messaging import outbox
from shared.messaging.producer import NotSent, Producer, fits
from shared.runtime.failures import harmless_words
from shared.runtime.loops import StopFlag
from shared.runtime.metrics import EVENTS_SENT
from shared.runtime.seldom import Seldom

log = structlog.get_logger(__name__)

_LOCK = text("SELECT pg_try_advisory_xact_lock(hashtext('cascada outbox relay'))")
_BATCH = 2000
_BUSY_SECONDS = 0.05
_IDLE_SECONDS = 1.0
_AWAY_SECONDS = 1.0


class Relay:
    """Sends what transactions of this service put into its outbox."""

    def __init__(self, database: Database, producer: Producer, source: str) -> None:
        self._database = database
        self._producer = producer
        self._source = source
        self._woken = asyncio.Event()
        self._waiting = Seldom()

    def wake(self) -> None:
        """Say that a transaction of this process has just put something into the outbox."""
        self._woken.set()

    async def run(self, stop: StopFlag) -> None:
        """Send until the flag goes up: at once after ``wake``, else polling, the slower the longer all is quiet."""
        pause = _BUSY_SECONDS
        while not stop.is_raised:
            try:
                sent = await self.send_batch()
            except Exception as error:
                if self._waiting.is_due("relay"):
                    log.warning("relay_waits", error=f"{type(error).__name__}: {harmless_words(error)}")
                await stop.wait(_AWAY_SECONDS)
                continue
            self._waiting.is_over("relay")
            pause = _BUSY_SECONDS if sent else min(_IDLE_SECONDS, pause * 2)
            if sent < _BATCH:
                await self._rest(pause)
        await self._producer.close()

    async def send_batch(self) -> int:
        """Send the oldest unsent events, at most 2,000; how many were sent.

        Raises
        ------
        NotSent
            Kafka did not acknowledge all of them; they stay.
        """
        async with self._database.direct_transaction() as connection:
            if not (await connection.execute(_LOCK)).scalar_one():
                return 0
            rows = await outbox.unsent(connection, self._source, _BATCH)
            if rows:
                sent = _without_too_large(event for _, event in rows)
                await self._producer.send(sent)
                await outbox.forget(connection, [row for row, _ in rows])
                EVENTS_SENT.inc(len(sent))
            return len(rows)

    async def _rest(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._woken.wait(), seconds)
        except TimeoutError:
            return
        self._woken.clear()


def _without_too_large(events: Iterable[Envelope]) -> list[Envelope]:
    sent = []
    for event in events:
        if fits(event):
            sent.append(event)
        else:
            log.error("event_too_large", key=event.key, type=event.type, sequence=event.sequence, size=len(event.data))
    return sent


__all__ = ["NotSent", "Relay"]
