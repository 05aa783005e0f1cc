"""Every few seconds, tell up to when everything is in everyone's segment: statements hold their runs until then."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from services.segmenter.domain.progress import NEVER
from services.segmenter.outbound.cascade import about_everyone
from services.segmenter.storage import outgoing
from services.segmenter.storage.cascade_sequence import next_sequence_if_due
from services.segmenter.storage.day_turn import DayTurn, load_turn
from services.segmenter.storage.judged_through import judged_through
from services.segmenter.storage.judging import standards_in_force
from services.segmenter.storage.refreshes import load_converging
from shared.contracts.segments_v1 import SegmenterProgress
from shared.database.engine import Database, Transaction
from shared.database.instance import load_epoch
from shared.runtime.clock import Clock

EVERY_SECONDS = 1.0


@dataclass(frozen=True)
class TellProgress:
    """Of all workers one tells; ``wake`` tells the relay, so that a run held for it begins at once."""

    database: Database
    clock: Clock
    zone: ZoneInfo
    wake: Callable[[], None]

    async def step(self) -> bool:
        """Tell progress if it is due; there is never more to do."""
        async with self.database.transaction() as connection:
            turn = await load_turn(connection)
            if turn.turned == NEVER:
                return False
            sequence = await next_sequence_if_due(connection, EVERY_SECONDS)
            if sequence is not None:
                epoch, now = await load_epoch(connection), self.clock.now()
                told = await self._progress(connection, turn)
                event = about_everyone(told, "segmenter.progress", sequence=sequence, epoch=epoch, now=now)
                await outgoing.put(connection, [event])
        if sequence is not None:
            self.wake()
        return False

    async def _progress(self, connection: Transaction, turn: DayTurn) -> SegmenterProgress:
        return SegmenterProgress(
            facts_through=await judged_through(connection, self.zone),
            as_of=turn.as_of,
            revision=(await standards_in_force(connection)).cascade.revision,
            refreshing=await load_converging(connection) is not None,
        )
