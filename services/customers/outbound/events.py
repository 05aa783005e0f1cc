"""Changes as events of ``customers.v1``, ready for the outbox."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from services.customers.domain.change import Change
from services.customers.domain.customer import Customer
from services.customers.domain.invoice import Invoice
from services.customers.domain.payment import Payment
from services.customers.domain.variable import Variable
from services.customers.outbound import wire
from shared.basics.ledger.values import Effect
from shared.contracts import customers_v1
from shared.contracts.envelope import Envelope, encode_data
from shared.runtime.ids import new_id

SOURCE = "customers"


def change_event(change: Change, *, epoch: int, at: datetime, history: bool) -> Envelope:
    """The event that tells a change. ``at`` is business time."""
    kind, payload = _told(change)
    return _envelope(kind, change.fact.customer_id, change.seq, epoch, at, payload, history=history)


def declaration_event(variable: Variable, sequence: int, *, epoch: int, at: datetime) -> Envelope:
    """The event that tells a declaration; its key is no customer's, its sequence its own."""
    key = customers_v1.variable_key(variable.key)
    return _envelope("variable.declared", key, sequence, epoch, at, wire.variable(variable), history=False)


def _told(change: Change) -> tuple[str, msgspec.Struct]:
    match change.fact:
        case Customer() as customer:
            return ("customer.registered" if change.is_new else "customer.updated"), wire.customer(customer)
        case Invoice() as invoice:
            return ("invoice.issued" if change.is_new else "invoice.changed"), _invoice(invoice, change.effect)
        case Payment() as payment:
            return f"payment.{payment.status}", _payment(payment, change.effect)


def _invoice(invoice: Invoice, effect: Effect) -> customers_v1.InvoiceEvent:
    fact = wire.invoice(invoice)
    return customers_v1.InvoiceEvent(effect=wire.effect(effect), **_fields(fact))


def _payment(payment: Payment, effect: Effect) -> customers_v1.PaymentEvent:
    fact = wire.payment(payment)
    return customers_v1.PaymentEvent(effect=wire.effect(effect), **_fields(fact))


def _fields(fact: msgspec.Struct) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in fact.__struct_fields__}


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
