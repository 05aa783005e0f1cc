"""The way in from Kafka, and from snapshots where Kafka's events do not suffice."""

from dataclasses import dataclass

from services.segmenter.inbound.wire import contact_of, declaration_of, fact_of, facts_of
from services.segmenter.usecases.admit_events import Heard
from services.segmenter.usecases.apply_events import ApplyEvents, HeardBatch
from services.segmenter.usecases.replace_customer import ReplaceCustomer
from shared.contracts import customers_v1, statements_v1
from shared.contracts.customers_v1 import Snapshot
from shared.database.engine import Transaction
from shared.messaging.batch import Batch, is_customers
from shared.messaging.sequence import Position

TYPES = {customers_v1.TOPIC: customers_v1.EVENTS, statements_v1.TOPIC: statements_v1.EVENTS}
"""What the segmenter hears."""


@dataclass(frozen=True)
class CustomerEvents:
    """Hands batches and snapshots of customers to the use cases, in the segmenter's own words."""

    apply_events: ApplyEvents
    replace_customer: ReplaceCustomer

    async def apply(self, batch: Batch) -> None:
        """Apply a batch in one transaction."""
        heard = [
            Heard(event.envelope.key, event.position, fact_of(event), event.envelope.history)
            for event in batch.events
            if event.record.topic == customers_v1.TOPIC and is_customers(event.envelope.key)
        ]
        contacts = [told for event in batch.events if (told := contact_of(event))]
        declarations = [found for event in batch.events if (found := declaration_of(event))]
        await self.apply_events.batch(HeardBatch(heard, declarations, contacts, batch))

    async def replace(self, connection: Transaction, customer_id: str, snapshot: Snapshot | None) -> None:
        """Make a customer's facts those of a snapshot; None removes the customer."""
        if snapshot is None:
            await self.replace_customer.remove(connection, customer_id)
            return
        reached = Position(snapshot.epoch, snapshot.seq)
        await self.replace_customer.replace(connection, customer_id, reached, facts_of(snapshot))
