"""The way in from Kafka, and from snapshots where Kafka's events do not suffice."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.segmenter.inbound.wire import contact_of, declaration_in, declaration_of, fact_of, facts_of
from services.segmenter.usecases.admit_events import Heard
from services.segmenter.usecases.apply_events import ApplyEvents, HeardBatch
from services.segmenter.usecases.replace_customer import KnownInFull, ReplaceCustomer
from shared.contracts import customers_v1, statements_v1
from shared.contracts.customers_snapshots import SnapshotVariable
from shared.database.engine import Transaction
from shared.messaging.batch import Batch, is_customers
from shared.messaging.repair import Found
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

    async def replace(self, connection: Transaction, found: Found) -> None:
        """Make customers' facts those of their snapshots, and remove those that have none."""
        told = {
            customer_id: KnownInFull(Position(snapshot.epoch, snapshot.seq), facts_of(snapshot))
            for customer_id, snapshot in found.items()
            if snapshot is not None
        }
        if told:
            await self.replace_customer.replace(connection, told)
        if gone := found.keys() - told.keys():
            await self.replace_customer.remove(connection, gone)

    async def declare(self, connection: Transaction, variables: Sequence[SnapshotVariable]) -> None:
        """Keep the custom variables that the snapshots begin with."""
        await self.replace_customer.declare(connection, [declaration_in(one) for one in variables])
