"""The turn of the day: time alone moves customers, on the day the answer changes.

One step judges the next range of customers as of the new day; any worker may take the next step, and after a crash
the watermark says where to go on. A jump over many days is one turn, as of the new date.
"""

from services.segmenter.storage.day_turn import advance_turn, claim_turn
from services.segmenter.storage.judging import hold_judgement
from services.segmenter.storage.mismatches import find_mismatches
from services.segmenter.storage.reassign import reassign
from services.segmenter.usecases.tell_moves import tell_moves
from shared.database.engine import Database, retrying
from shared.runtime.clock import Clock

RANGE = 2000
"""Customers a step: well under 0.3 s, so that events hardly wait."""


async def turn_day(database: Database, clock: Clock) -> bool:
    """Judge the next range of customers as of today; whether there is more to turn."""

    async def step() -> bool:
        async with database.transaction() as connection:
            by = await hold_judgement(connection, clock.today())
            after = await claim_turn(connection)
            if after is None:
                return False
            found = await find_mismatches(connection, by, after=after, limit=RANGE)
            now = clock.now()
            moves = await reassign(connection, found.ids, by, cause="day_turn", now=now)
            await tell_moves(connection, moves, by, cause="day_turn", now=now)
            await advance_turn(connection, found.last)
            return found.last is not None

    return await retrying(step)
