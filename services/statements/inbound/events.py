"""The way in from Kafka: events of ``customers.v1`` and ``segments.v1`` in statements' own words, batch after batch."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.statements.domain.messages import Message
from services.statements.inbound.wire import fact_of, facts_of
from services.statements.outbound.cascade import cascade_of
from services.statements.usecases.hear_events import (
    Assigned,
    CascadeTold,
    HeardBatch,
    HeardFact,
    HearEvents,
    MessageWanted,
    ProgressTold,
    Told,
)
from services.statements.usecases.replace_customer import KnownInFull, remove_customers, replace_customers
from shared.contracts import customers_v1, segments_v1
from shared.contracts.envelope import Envelope
from shared.database.engine import Transaction
from shared.messaging.batch import Batch, Event, is_customers
from shared.messaging.repair import Found
from shared.messaging.sequence import Position

TYPES = {customers_v1.TOPIC: customers_v1.EVENTS, segments_v1.TOPIC: segments_v1.EVENTS}
"""What statements hears."""
SEQUENCED = (customers_v1.TOPIC,)
"""Topics whose events of a customer must be taken without a gap; the others carry state."""


@dataclass(frozen=True)
class EventsIn:
    """Hands batches and snapshots to the use cases."""

    hear_events: HearEvents

    async def apply(self, batch: Batch) -> None:
        """Apply a batch in one transaction."""
        facts: list[HeardFact] = []
        told: list[Told] = []
        for event in batch.events:
            if event.record.topic == segments_v1.TOPIC:
                told += _told(event)
            elif is_customers(event.envelope.key):
                facts.append(HeardFact(event.envelope.key, event.position, fact_of(event)))
        await self.hear_events(HeardBatch(facts, told, batch))

    async def replace(self, connection: Transaction, found: Found) -> None:
        """Make customers' facts those of their snapshots, and remove those that have none."""
        wanted = {
            customer_id: KnownInFull(Position(snapshot.epoch, snapshot.seq), facts_of(snapshot))
            for customer_id, snapshot in found.items()
            if snapshot is not None
        }
        await replace_customers(connection, wanted, self.hear_events.clock.now())
        await remove_customers(connection, found.keys() - wanted.keys())


def _told(event: Event) -> Iterator[Told]:
    match event.payload:
        case segments_v1.SegmentAssigned() as move:
            yield Assigned(event.position, move.customer_id, move.to.id if move.to else None)
        case segments_v1.CascadePublished() as cascade:
            yield CascadeTold(event.position, cascade_of(cascade))
        case segments_v1.SegmenterProgress() as progress:
            yield ProgressTold(event.position, progress.facts_through)
        case segments_v1.AlertRaised(action="message", message=segments_v1.AlertMessage() as texts) as alert:
            yield MessageWanted(_message(alert, texts, event.envelope))


def _message(alert: segments_v1.AlertRaised, texts: segments_v1.AlertMessage, told: Envelope) -> Message:
    return Message(
        alert_id=alert.alert_id,
        alert_rule=alert.alert_rule,
        customer_id=alert.customer_id,
        as_of=alert.as_of,
        raised_at=told.time,
        subject=texts.subject,
        body=texts.body,
        traceparent=told.traceparent,
    )
