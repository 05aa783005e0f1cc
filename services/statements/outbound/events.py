"""What became of statements and addresses, as events of ``statements.v1``, ready for the outbox."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

import msgspec

from shared.basics.money import Money
from shared.contracts.envelope import Envelope, encode_data
from shared.contracts.statements_v1 import ContactNews, StatementOutcome
from shared.contracts.values import wire_totals
from shared.runtime.ids import new_id

SOURCE = "statements"

ContactKind = Literal["contact.bounced", "contact.complained", "contact.restored"]


@dataclass(frozen=True, kw_only=True)
class StatementTold:
    """A statement that was sent or failed; ``reason`` says why it failed, ``traceparent`` to which trace it belongs."""

    customer_id: str
    delivery_id: str
    rule_id: str
    period: str
    as_of_date: date
    totals: tuple[Money, ...]
    reason: str | None
    traceparent: str | None


@dataclass(frozen=True)
class ContactTold:
    """What was learnt of an address ``at`` an instant, by a mail to a customer."""

    customer_id: str
    delivery_id: str
    address_sha256: str
    at: datetime


@dataclass(frozen=True)
class Place:
    """Where an event stands: its sequence of the customer, the epoch of the database, its business time."""

    sequence: int
    epoch: int
    at: datetime


def statement_event(kind: str, told: StatementTold, place: Place) -> Envelope:
    """``statement.sent`` or ``statement.failed``."""
    payload = StatementOutcome(
        customer_id=told.customer_id,
        delivery_id=told.delivery_id,
        rule_id=told.rule_id,
        period=told.period,
        as_of_date=told.as_of_date,
        totals=wire_totals(told.totals),
        reason=told.reason,
    )
    return _envelope(kind, told.customer_id, payload, place, told.traceparent)


def contact_event(kind: ContactKind, customer_id: str, told: ContactTold, place: Place) -> Envelope:
    """What became of an address that a customer has."""
    payload = ContactNews(
        customer_id=customer_id,
        channel="email",
        address_sha256=told.address_sha256,
        delivery_id=told.delivery_id,
        at=told.at,
    )
    return _envelope(kind, customer_id, payload, place)


def _envelope(
    kind: str, customer_id: str, payload: msgspec.Struct, place: Place, traceparent: str | None = None
) -> Envelope:
    return Envelope(
        type=kind,
        id=new_id(),
        source=SOURCE,
        time=place.at.astimezone(UTC),
        sequence=place.sequence,
        epoch=place.epoch,
        key=customer_id,
        data=encode_data(payload),
        traceparent=traceparent,
    )
