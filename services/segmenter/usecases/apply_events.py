"""Events of customers become facts, behaviour and moves: a batch in one transaction, whole or not at all.

Heard in ``inbound/events.py``; what it tells goes to the outbox. Customers that cannot be taken fall behind and are
repaired (``replace_customer``). Beside them comes what statements learnt of addresses, of which the latest counts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from services.segmenter.domain.behaviour import add, follows
from services.segmenter.domain.change import Change, fold
from services.segmenter.domain.facts import Contact, Declaration
from services.segmenter.storage import behaviour, contacts, customers, declared, facts, history_loads
from services.segmenter.storage.customers import Known
from services.segmenter.storage.erasure import erase
from services.segmenter.storage.invoices import load_dues
from services.segmenter.storage.judging import hold_judgement
from services.segmenter.storage.recompute import recompute
from services.segmenter.usecases.admit_events import Admitted, Heard, admit, newcomers
from services.segmenter.usecases.judge_customers import judge_customers
from services.segmenter.usecases.tell_moves import tell_departures
from shared.contracts.customers_v1 import TOPIC
from shared.database.engine import Database, Transaction
from shared.messaging.batch import Batch
from shared.messaging.hearing import fall_behind, keep_hearing
from shared.messaging.positions import move_on
from shared.runtime.clock import Clock
from shared.runtime.metrics import FACT_TO_ASSIGNMENT_SECONDS


@dataclass(frozen=True)
class HeardBatch:
    """A batch in the segmenter's own words; ``raw`` has what it says beside its events."""

    events: Sequence[Heard]
    declarations: Sequence[Declaration]
    contacts: Sequence[Contact]
    raw: Batch


@dataclass(frozen=True)
class ApplyEvents:
    """``wake`` tells the relay that there is something to send."""

    database: Database
    clock: Clock
    wake: Callable[[], None]

    async def batch(self, batch: HeardBatch) -> None:
        """Take every event of a batch that is the next of its customer; duplicates drop, gaps fall behind."""
        async with self.database.transaction() as connection:
            if batch.events or batch.contacts:
                await self._apply(connection, batch)
            await declared.declare(connection, batch.declarations)
            await keep_hearing(connection, batch.raw, sequenced=[TOPIC])
        self.wake()
        self._observe(batch.raw)

    def _observe(self, batch: Batch) -> None:
        """How long each live fact took to become its customer's segment."""
        now = self.clock.now()
        for event in batch.events:
            if not event.envelope.history:
                FACT_TO_ASSIGNMENT_SECONDS.observe(max(0.0, (now - event.envelope.time).total_seconds()))

    async def _apply(self, connection: Transaction, batch: HeardBatch) -> None:
        by, now = await hold_judgement(connection, self.clock.today()), self.clock.now()
        await customers.claim(connection, newcomers(batch.events), now)
        touched = {event.customer_id for event in batch.events} | {told.customer_id for told in batch.contacts}
        known = await customers.lock(connection, touched)
        admitted = admit(batch.events, {i: customer.position for i, customer in known.items()})

        changes = {customer_id: fold(run) for customer_id, run in admitted.facts.items()}
        await _keep_facts(connection, changes, known)
        await _keep_positions(connection, admitted, batch)
        erased = {customer_id for customer_id, change in changes.items() if change.is_erasure}
        gone = await erase(connection, erased, as_of=by.as_of, revision=by.revision, now=now)
        await contacts.keep_contacts(connection, batch.contacts)
        reached = known.keys() & {told.customer_id for told in batch.contacts}
        await judge_customers(connection, changes.keys() | reached, by, cause="event", now=now)
        await tell_departures(connection, gone, by, now=now)


async def _keep_facts(connection: Transaction, changes: Mapping[str, Change], known: Mapping[str, Known]) -> None:
    await customers.describe(connection, {i: c.attributes for i, c in changes.items() if c.attributes})
    await facts.write_facts(connection, changes)
    before = await behaviour.load(connection, (i for i, change in changes.items() if change.moves_money))
    follow = {i: b for i, b in before.items() if follows(b, changes[i])}
    dues = await load_dues(connection, {i: changes[i] for i in follow})
    added = {i: add(b, changes[i], known[i].currency, dues[i]) for i, b in follow.items()}
    await behaviour.save(connection, {i: after for i, (after, _) in added.items()})
    await behaviour.save_days(connection, {i: days for i, (_, days) in added.items()})
    late = before.keys() - added.keys()
    await recompute(connection, late | {i for i, change in changes.items() if _is_rebilled(change, known[i])})


def _is_rebilled(change: Change, known: Known) -> bool:
    """Whether the billing currency changed: then amounts of another currency count."""
    return change.attributes is not None and change.attributes.currency != known.currency


async def _keep_positions(connection: Transaction, admitted: Admitted, batch: HeardBatch) -> None:
    await move_on(connection, admitted.positions)
    if admitted.of_history:
        heard_on = {event.record.partition for event in batch.raw.events if event.envelope.history}
        await history_loads.postpone(connection, admitted.of_history, heard_on)
    for customer_id, seen in sorted(admitted.behind.items()):
        await fall_behind(connection, customer_id, seen, "gap")
