"""Repair: customers that fell behind get all their facts anew, and are judged by them.

The transaction is the repairer's (``shared.messaging.repair``), which ends the being behind in it. A snapshot older
than what is known changes nothing; one just as old is taken, so that repair by hand mends.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from services.segmenter.domain.change import fold
from services.segmenter.domain.facts import Declaration, Fact
from services.segmenter.storage import customers, declared, facts
from services.segmenter.storage.erasure import erase, revive
from services.segmenter.storage.judging import hold_judgement
from services.segmenter.storage.recompute import recompute
from services.segmenter.usecases.judge_customers import judge_customers
from services.segmenter.usecases.tell_moves import tell_departures
from shared.database.engine import Transaction
from shared.messaging.positions import move_on
from shared.messaging.sequence import Position
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class KnownInFull:
    """Everything about a customer as of a position."""

    position: Position
    facts: Sequence[Fact]


@dataclass(frozen=True)
class ReplaceCustomer:
    """Takes what the customers' owner says for true."""

    clock: Clock

    async def replace(self, connection: Transaction, told: Mapping[str, KnownInFull]) -> None:
        """Make customers' facts those told, unless later ones are known."""
        by, now = await hold_judgement(connection, self.clock.today()), self.clock.now()
        changes = {customer_id: fold(whole.facts) for customer_id, whole in told.items()}
        attributes = {i: change.attributes for i, change in changes.items() if change.attributes}
        await revive(connection, {i: told[i].position for i, change in changes.items() if not change.is_erasure})
        await customers.claim(connection, attributes, now)
        known = await customers.lock(connection, attributes)
        news = {i: changes[i] for i, customer in known.items() if told[i].position >= customer.position}

        await customers.describe(connection, {i: attributes[i] for i in news})
        await facts.forget_facts(connection, news)
        await facts.write_facts(connection, news)
        await recompute(connection, news)
        await move_on(connection, {i: told[i].position for i in news})
        erased = [i for i, change in news.items() if change.is_erasure]
        gone = await erase(connection, erased, as_of=by.as_of, revision=by.revision, now=now)
        await judge_customers(connection, news, by, cause="event", now=now)
        await tell_departures(connection, gone, by, now=now)

    async def remove(self, connection: Transaction, ids: Collection[str]) -> None:
        """Forget customers that their owner does not know; who hears of moves is told that they left."""
        by, now = await hold_judgement(connection, self.clock.today()), self.clock.now()
        await customers.lock(connection, ids)
        await customers.remember_sequences(connection, ids)
        gone = await erase(connection, ids, as_of=by.as_of, revision=by.revision, now=now)
        await tell_departures(connection, gone, by, now=now)
        await customers.remove(connection, ids)

    async def declare(self, connection: Transaction, declarations: Sequence[Declaration]) -> None:
        """Keep custom variables as declared, unless later declarations are known."""
        await declared.declare(connection, declarations)
