"""Changes as events of ``customers.v1``, ready for the outbox."""

from datetime import UTC, datetime

import msgspec

from services.customers.domain.change import Change
from services.customers.domain.credit_note import CreditNote
from services.customers.domain.customer import Customer
from services.customers.domain.dispute import Dispute
from services.customers.domain.invoice import Invoice
from services.customers.domain.payment import Payment
from services.customers.domain.promise import Promise
from services.customers.domain.refund import Refund
from services.customers.domain.subscription import Subscription
from services.customers.domain.variable import Variable
from services.customers.outbound import nouns, wire
from shared.contracts import customers_v1
from shared.contracts.envelope import Envelope, encode_data
from shared.runtime.ids import new_id

SOURCE = "customers"


def change_event(change: Change, *, epoch: int, at: datetime, history: bool) -> Envelope:
    """The event that tells a change. ``at`` is business time."""
    return _envelope(change.event, change.fact.customer_id, change.seq, epoch, at, _payload(change), history=history)


def declaration_event(variable: Variable, sequence: int, *, epoch: int, at: datetime) -> Envelope:
    """The event that tells a declaration; its key is no customer's, its sequence its own."""
    key = customers_v1.variable_key(variable.key)
    return _envelope("variable.declared", key, sequence, epoch, at, wire.variable(variable), history=False)


def erasure_event(customer_id: str, seq: int, *, epoch: int, at: datetime) -> Envelope:
    """The last event of a customer."""
    payload = customers_v1.CustomerErased(customer_id=customer_id)
    return _envelope("customer.erased", customer_id, seq, epoch, at, payload, history=False)


def _payload(change: Change) -> msgspec.Struct:
    effect = wire.effect(change.effect)
    match change.fact:
        case Customer() as customer:
            return wire.customer(customer)
        case Invoice() as invoice:
            return customers_v1.InvoiceEvent(effect=effect, **wire.invoice(invoice))
        case Payment() as payment:
            return customers_v1.PaymentEvent(effect=effect, **wire.payment(payment))
        case Refund() as refund:
            return customers_v1.RefundEvent(effect=effect, **wire.refund(refund))
        case CreditNote() as note:
            return customers_v1.CreditNoteEvent(effect=effect, **wire.credit_note(note))
        case Subscription() | Dispute() | Promise() as noun:
            return nouns.noun(noun)


def _envelope(
    kind: str, key: str, sequence: int, epoch: int, at: datetime, payload: msgspec.Struct, *, history: bool
) -> Envelope:
    return Envelope(
        type=kind,
        id=new_id(),
        source=SOURCE,
        time=at.astimezone(UTC),
        sequence=sequence,
        epoch=epoch,
        key=key,
        data=encode_data(payload),
        history=history,
    )
