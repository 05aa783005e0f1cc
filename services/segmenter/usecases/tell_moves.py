"""Tell moves and departures to whoever hears ``segments.v1``, in the transaction that made them."""

from collections.abc import Sequence
from datetime import datetime

from services.segmenter.domain.moves import Cause, Departure, Move
from services.segmenter.outbound.moves import MovesTeller
from services.segmenter.storage import outgoing
from services.segmenter.storage.former_segments import load_former_names
from services.segmenter.storage.judging import Judgement
from shared.database.engine import Transaction


async def tell_moves(
    connection: Transaction, moves: Sequence[Move], by: Judgement, *, cause: Cause, now: datetime
) -> None:
    """Put the events of these moves into what is told, in order of customer."""
    teller = await _teller(connection, {move.from_segment for move in moves if move.from_segment}, by, cause, now)
    await outgoing.put(connection, teller.events(moves))


async def tell_departures(connection: Transaction, gone: Sequence[Departure], by: Judgement, *, now: datetime) -> None:
    """Put the last event of each erased customer into what is told."""
    if gone:
        teller = await _teller(connection, {one.from_segment for one in gone}, by, "event", now)
        await outgoing.put(connection, teller.departures(gone))


async def _teller(connection: Transaction, left: set[str], by: Judgement, cause: Cause, now: datetime) -> MovesTeller:
    published = {segment.segment_id for segment in by.cascade.segments}
    former = await load_former_names(connection, left - published)
    return MovesTeller(by.cascade, former, by.as_of, cause, by.epoch, now)
