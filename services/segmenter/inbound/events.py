"""The way in from Kafka, and from snapshots where Kafka's events do not suffice."""

from collections.abc import Callable
from dataclasses import dataclass

from services.segmenter.inbound.wire import declaration_of, fact_of, facts_of
from services.segmenter.usecases.admit_events import Heard
from services.segmenter.usecases.apply_events import HeardBatch, apply_events
from services.segmenter.usecases.replace_customer import remove_customer, replace_customer
from shared.contracts.customers_v1 import EVENTS, TOPIC, Snapshot
from shared.database.engine import Database, Transaction
from shared.messaging.batch import Batch, is_customers
from shared.messaging.sequence import Position
from shared.runtime.clock import Clock

TYPES = {TOPIC: EVENTS}
"""What the segmenter hears."""


@dataclass(frozen=True)
class CustomerEvents:
    """Hands batches and snapshots of customers to the use cases; ``wake`` hurries what they tell."""

    database: Database
    clock: Clock
    wake: Callable[[], None]

    async def apply(self, batch: Batch) -> None:
        """Apply a batch in one transaction."""
        heard = [
            Heard(event.envelope.key, event.position, fact_of(event), event.envelope.history)
            for event in batch.events
            if is_customers(event.envelope.key)
        ]
        declarations = [found for event in batch.events if (found := declaration_of(event))]
        await apply_events(self.database, self.clock, HeardBatch(heard, declarations, batch))
        self.wake()

    async def replace(self, connection: Transaction, customer_id: str, snapshot: Snapshot | None) -> None:
        """Make a customer's facts those of a snapshot; None removes the customer."""
        if snapshot is None:
            await remove_customer(connection, customer_id)
            return
        reached = Position(snapshot.epoch, snapshot.seq)
        await replace_customer(connection, self.clock, customer_id, reached, facts_of(snapshot))
