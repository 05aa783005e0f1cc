"""Repair: a customer that fell behind gets all its facts anew, and is judged by them.

The transaction is the repairer's (``shared.messaging.repair``), which ends the being behind in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.segmenter.domain.change import fold
from services.segmenter.domain.facts import Fact
from services.segmenter.storage import customers, facts
from services.segmenter.storage.erasure import erase, revive
from services.segmenter.storage.judging import hold_judgement
from services.segmenter.storage.reassign import reassign
from services.segmenter.storage.recompute import recompute
from services.segmenter.usecases.tell_moves import tell_departures, tell_moves
from shared.database.engine import Transaction
from shared.messaging.sequence import Position
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class ReplaceCustomer:
    """Takes what the customer's owner says for true."""

    clock: Clock

    async def replace(self, connection: Transaction, customer_id: str, reached: Position, told: Sequence[Fact]) -> None:
        """Make a customer's facts those told up to ``reached``, unless later ones are known."""
        change, now = fold(told), self.clock.now()
        if change.attributes is None:
            raise ValueError("a snapshot without its customer")
        by = await hold_judgement(connection, self.clock.today())
        if not change.is_erasure:
            await revive(connection, customer_id, reached)
        await customers.claim(connection, {customer_id: change.attributes}, now)
        known = await customers.lock(connection, [customer_id])
        if reached < known[customer_id].position:
            return

        await customers.describe(connection, {customer_id: change.attributes})
        await facts.forget_facts(connection, customer_id)
        await facts.write_facts(connection, {customer_id: change})
        await recompute(connection, [customer_id])
        await customers.move_on(connection, {customer_id: reached})
        erased = [customer_id] if change.is_erasure else []
        gone = await erase(connection, erased, as_of=by.as_of, revision=by.revision, now=now)
        moves = await reassign(connection, [customer_id], by, cause="event", now=now)
        await tell_moves(connection, moves, by, cause="event", now=now)
        await tell_departures(connection, gone, by, now=now)

    async def remove(self, connection: Transaction, customer_id: str) -> None:
        """Forget a customer that its owner does not know."""
        await customers.lock(connection, [customer_id])
        await customers.remove(connection, customer_id)
