"""Tell moves to whoever hears ``segments.v1``, in the transaction that made them."""

from collections.abc import Sequence
from datetime import datetime

from services.segmenter.domain.moves import Cause, Move
from services.segmenter.outbound.moves import MovesTeller
from services.segmenter.storage.former_segments import load_former_names
from services.segmenter.storage.judging import Judgement
from shared.database.engine import Transaction
from shared.messaging import outbox


async def tell_moves(
    connection: Transaction, moves: Sequence[Move], by: Judgement, *, cause: Cause, now: datetime
) -> None:
    """Put the events of these moves into the outbox, in order of customer."""
    published = {segment.segment_id for segment in by.cascade.segments}
    former = await load_former_names(connection, {move.from_segment for move in moves if move.from_segment} - published)
    told = MovesTeller(by.cascade, former, by.as_of, cause, by.epoch, now).events(moves)
    await outbox.put(connection, told)
