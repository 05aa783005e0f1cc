"""Events as tests write them."""

from datetime import UTC, datetime

from shared.contracts.customers_v1 import Customer
from shared.contracts.envelope import Envelope, encode_data
from shared.messaging.batch import Event, Record

WHEN = datetime(2026, 3, 9, 13, 0, 5, tzinfo=UTC)


def registered(customer_id: str, seq: int = 1, *, epoch: int = 1) -> Envelope:
    """A well-formed event of a customer."""
    fact = Customer(customer_id=customer_id, type="person", name="Ana", currency="COP", registered_on=WHEN.date())
    return Envelope(
        type="customer.registered",
        id=f"{customer_id}-{seq}",
        source="test",
        time=WHEN,
        sequence=seq,
        epoch=epoch,
        key=customer_id,
        data=encode_data(fact),
    )


def heard(envelope: Envelope, *, topic: str = "customers.v1", offset: int = 0) -> Event:
    """The same as a consumer hands it on."""
    record = Record(topic, 0, offset, envelope.key.encode(), [], envelope.data)
    return Event(record, envelope, None)
