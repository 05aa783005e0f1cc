"""Let a held run go on: from here on every figure in it is that of one business day.

Called by whoever finds a run ready: once figures have passed its instant, and its audience is known.
"""

from dataclasses import dataclass
from datetime import datetime

from services.statements.domain.holding import Heard
from services.statements.storage import runs, segments
from services.statements.storage.runs import Start
from shared.database.engine import Transaction
from shared.messaging.hearing import facts_through
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class StartRuns:
    """``customers_topic`` and ``segments_topic`` are where the figures come from."""

    clock: Clock
    customers_topic: str
    segments_topic: str

    async def heard(self, connection: Transaction) -> Heard:
        """How far things are known here."""
        word = await segments.segmenters_word(connection)
        return Heard(
            customers=await facts_through(connection, self.customers_topic),
            segmenter=word.facts_through,
            told_at=word.told_at,
            segments=await facts_through(connection, self.segments_topic),
        )

    async def start(self, connection: Transaction, run_id: str, due_at: datetime, heard: Heard) -> None:
        """Start a locked run. The business date of every figure in it is today's."""
        start = Start(
            run_id=run_id,
            as_of_date=self.clock.today(),
            now=self.clock.now(),
            facts_through=heard.customers,
            segments_through=heard.segmenter,
            is_stale=not heard.is_past(due_at),
        )
        await runs.start(connection, start)
