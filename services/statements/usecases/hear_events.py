"""Take a batch of events: each customer's own ledger in sequence, and what the segmenter told, in one transaction.

Runs in the worker for every batch of the consumer. A gap, or a stranger, is for repair; a repeat changes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.statements.domain.cascade import Cascade
from services.statements.domain.facts import Fact
from services.statements.domain.folding import Changes
from services.statements.domain.messages import Message
from services.statements.storage import customers, facts, messages, rules, segments
from services.statements.usecases.erase_customers import erase_customers
from shared.database.engine import Database, Transaction
from shared.messaging.batch import Batch
from shared.messaging.hearing import fall_behind, keep_hearing
from shared.messaging.positions import move_on
from shared.messaging.sequence import NOTHING, Position, Verdict, judge
from shared.runtime.clock import Clock


@dataclass(frozen=True, slots=True)
class HeardFact:
    """One event of a customer."""

    customer_id: str
    position: Position
    fact: Fact


@dataclass(frozen=True, slots=True)
class Assigned:
    """A customer is in a segment, or in none."""

    position: Position
    customer_id: str
    segment_id: str | None


@dataclass(frozen=True, slots=True)
class CascadeTold:
    """A cascade was published."""

    position: Position
    cascade: Cascade


@dataclass(frozen=True, slots=True)
class ProgressTold:
    """The segmenter says how far its facts go."""

    position: Position
    facts_through: datetime | None


@dataclass(frozen=True, slots=True)
class MessageWanted:
    """An alert asks for a message to its customer."""

    message: Message


Told = Assigned | CascadeTold | ProgressTold | MessageWanted


@dataclass(frozen=True)
class HeardBatch:
    """A batch in statements' own words; ``batch`` carries what is kept beside the events."""

    facts: Sequence[HeardFact]
    told: Sequence[Told]
    batch: Batch


@dataclass
class Admitted:
    """What is to be done with the facts of a batch."""

    changes: Changes = field(default_factory=Changes)
    positions: dict[str, Position] = field(default_factory=dict)
    behind: dict[str, Position] = field(default_factory=dict)


@dataclass(frozen=True)
class HearEvents:
    """Takes batches, one after the other; ``clock`` says when (business time) a word was heard."""

    database: Database
    clock: Clock
    sequenced: Sequence[str]

    async def __call__(self, heard: HeardBatch) -> None:
        """Take a batch whole; what goes wrong leaves nothing of it, and it is heard again."""
        async with self.database.transaction() as connection:
            await self._take_facts(connection, heard.facts)
            await self._take_words(connection, heard.told)
            await keep_hearing(connection, heard.batch, sequenced=self.sequenced)

    async def _take_facts(self, connection: Transaction, heard: Sequence[HeardFact]) -> None:
        await customers.claim(connection, newcomers(heard))
        known = await customers.lock(connection, {event.customer_id for event in heard})
        admitted = admit(heard, known)
        await customers.describe(connection, admitted.changes.customers)
        await facts.write(connection, admitted.changes)
        await erase_customers(connection, admitted.changes.erased, self.clock.now())
        await move_on(connection, admitted.positions)
        for customer_id, seen in sorted(admitted.behind.items()):
            await fall_behind(connection, customer_id, seen, "gap")

    async def _take_words(self, connection: Transaction, told: Sequence[Told]) -> None:
        """What the segmenter told; it comes after the facts, whose locks on customers go first."""
        await segments.assign(connection, latest_moves(told))
        await messages.plan(connection, [word.message for word in told if isinstance(word, MessageWanted)])
        for word in told:
            match word:
                case CascadeTold():
                    await segments.publish(connection, word.position, word.cascade)
                    await rules.look_again(connection)
                case ProgressTold():
                    await segments.note_progress(connection, word.position, word.facts_through, self.clock.now())


def newcomers(facts: Iterable[HeardFact]) -> set[str]:
    """Customers whose first event ever is here."""
    return {event.customer_id for event in facts if event.position.seq == 1 and event.fact.customer}


def admit(facts: Iterable[HeardFact], known: Mapping[str, Position]) -> Admitted:
    """Judge each event in its order against what is ``known`` (strangers are not in it)."""
    admitted = Admitted()
    for event in facts:
        customer_id = event.customer_id
        at = admitted.positions.get(customer_id, known.get(customer_id, NOTHING))
        verdict = judge(at, event.position) if customer_id in known else Verdict.FALL_BEHIND
        if verdict is Verdict.APPLY:
            admitted.changes.take(customer_id, event.fact)
            admitted.positions[customer_id] = event.position
        elif verdict is Verdict.FALL_BEHIND:
            admitted.behind[customer_id] = max(event.position, admitted.behind.get(customer_id, NOTHING))
    return admitted


def latest_moves(told: Iterable[Told]) -> dict[str, tuple[Position, str | None]]:
    """The last word on each customer's segment in a batch."""
    latest: dict[str, tuple[Position, str | None]] = {}
    for word in told:
        if isinstance(word, Assigned) and word.position > latest.get(word.customer_id, (NOTHING, None))[0]:
            latest[word.customer_id] = (word.position, word.segment_id)
    return latest
