"""Tell moves to whoever hears ``segments.v1``, in the transaction that made them."""

from collections.abc import Sequence
from datetime import datetime

from services.segmenter.domain.moves import Cause, Move
from services.segmenter.outbound.moves import envelopes
from services.segmenter.storage.former_segments import load_former_names
from services.segmenter.storage.judging import Judgement
from shared.database.engine import Transaction
from shared.messaging import outbox


async def tell_moves(
    connection: Transaction, moves: Sequence[Move], by: Judgement, *, cause: Cause, now: datetime
) -> None:
    """Put the events of these moves into the outbox, in order of customer."""
    gone = {move.from_segment for move in moves if move.from_segment} - by.cascade.names.keys()
    former = await load_former_names(connection, gone)
    events = envelopes(moves, by.cascade, former, as_of=by.as_of, cause=cause, epoch=by.epoch, now=now)
    await outbox.put(connection, events)
