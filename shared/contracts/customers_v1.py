"""``customers.v1``: everything that happens to a customer, each event with the whole fact.

Key: the customer's id (``~<variable>`` for declarations). ``ce_sequence`` is 1, 2, 3… without gaps per customer.
Money facts carry their effect: every application of credit to an invoice that the fact caused or took back, and the
balance after it of each invoice touched. So hearers do no allocation of their own.
"""

from datetime import date, datetime
from typing import Literal

import msgspec

from shared.contracts.values import Money

TOPIC = "customers.v1"

VariableType = Literal["text", "number", "money", "date", "boolean", "choice"]
VariableValue = str | int | float | bool | Money
"""A loaded custom variable as it stands on the wire, by its type: text, date and choice as text, number as a JSON
number, money with its currency, yes/no as a boolean."""


class Title(msgspec.Struct, frozen=True):
    """What a variable is called, for people."""

    es: str
    en: str | None = None


class VariableDeclared(msgspec.Struct, frozen=True, kw_only=True):
    """A custom variable may be loaded from now on; the highest ``ce_sequence`` of a key wins."""

    key: str
    type: VariableType
    title: Title
    description: str | None = None
    choices: list[str] | None = None


class Document(msgspec.Struct, frozen=True):
    """An identity document: its type, number and issuing country (ISO 3166 alpha-2)."""

    type: str
    number: str
    country: str | None = None


class Customer(msgspec.Struct, frozen=True, kw_only=True):
    """``customer.registered``, ``customer.updated``: a person or company as it is now."""

    customer_id: str
    type: Literal["person", "company"]
    name: str
    currency: str
    registered_on: date
    email: str | None = None
    emails: list[str] = []
    phone: str | None = None
    document: Document | None = None
    language: str | None = None
    time_zone: str | None = None
    country: str | None = None
    portfolio: str | None = None
    client_type: str | None = None
    risk_score: float | int | None = None
    do_not_contact_until: date | None = None
    variables: dict[str, VariableValue] = {}
    archived: bool = False


class CustomerErased(msgspec.Struct, frozen=True, kw_only=True):
    """``customer.erased``: the last event of a customer; hearers blank what is personal and keep the books."""

    customer_id: str


CreditKind = Literal["payment", "credit_note", "write_off"]


class Application(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a credit that pays a part of an invoice, dated the later of the credit's day and its issue.

    One credit and one invoice always have the same ``applied_on``, so amounts of a pair may be added up.
    """

    credit_kind: CreditKind
    credit_id: str
    invoice_id: str
    amount: Money
    applied_on: date


class InvoiceBalance(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice's balance after the event; ``settled_on`` is the date of the application that brought it to zero.

    A voided invoice has balance 0 and was never settled.
    """

    invoice_id: str
    balance: Money
    settled_on: date | None = None


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What a money fact did to the ledger: first the parts of earlier applications that a void or refund took back
    (``reversals``, positive amounts), then the applications made, in order; ``balances`` stand after all of it.
    """

    applications: list[Application] = []
    reversals: list[Application] = []
    balances: list[InvoiceBalance] = []


class InvoiceLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an invoice, for people."""

    description: str
    amount: Money | None = None


class Invoice(msgspec.Struct, frozen=True, kw_only=True):
    """One amount due on one date."""

    customer_id: str
    invoice_id: str
    issued_on: date
    due_on: date
    amount: Money
    number: str | None = None
    product: str | None = None
    description: str | None = None
    lines: list[InvoiceLine] = []
    voided_on: date | None = None
    void_reason: str | None = None


class InvoiceEvent(Invoice, frozen=True, kw_only=True):
    """``invoice.issued``, ``invoice.changed``, ``invoice.voided``."""

    effect: Effect


class Allocation(msgspec.Struct, frozen=True, kw_only=True):
    """What the payer said a payment is for."""

    invoice_id: str
    amount: Money


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """A payment attempt. ``occurred_on`` is the business date of ``occurred_at``."""

    customer_id: str
    payment_id: str
    status: Literal["succeeded", "failed"]
    amount: Money
    occurred_at: datetime
    occurred_on: date
    method: str | None = None
    failure_reason: str | None = None
    allocations: list[Allocation] = []


class PaymentEvent(Payment, frozen=True, kw_only=True):
    """``payment.succeeded``, ``payment.failed`` (whose effect is empty)."""

    effect: Effect


class Refund(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a payment given back; its id is unique among the refunds of its payment."""

    customer_id: str
    payment_id: str
    refund_id: str
    amount: Money
    refunded_on: date
    reason: str | None = None


class RefundEvent(Refund, frozen=True, kw_only=True):
    """``payment.refunded``."""

    effect: Effect


class CreditNote(msgspec.Struct, frozen=True, kw_only=True):
    """A debt made less: a credit, or (castigo) an invoice's debt given up."""

    customer_id: str
    credit_note_id: str
    kind: Literal["credit", "write_off"]
    amount: Money
    issued_on: date
    invoice_id: str | None = None


class CreditNoteEvent(CreditNote, frozen=True, kw_only=True):
    """``credit_note.issued``."""

    effect: Effect


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """``subscription.changed``: what a customer gets again and again.

    ``changed_on``: the business dates on which a body differing from the one before was received, the first left out.
    """

    customer_id: str
    subscription_id: str
    product: str
    status: Literal["active", "paused", "cancelled"]
    started_on: date
    ended_on: date | None = None
    amount: Money | None = None
    interval: str | None = None
    changed_on: list[date] = []


class Dispute(msgspec.Struct, frozen=True, kw_only=True):
    """``dispute.opened``, ``dispute.closed``, ``dispute.changed``: what a customer contests."""

    customer_id: str
    dispute_id: str
    opened_on: date
    category: str | None = None
    closed_on: date | None = None
    invoice_id: str | None = None


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """``promise.made``, ``promise.cancelled``, ``promise.reinstated``: what a customer said it would pay by when."""

    customer_id: str
    promise_id: str
    amount: Money
    made_on: date
    due_on: date
    cancelled: bool = False


EVENTS: dict[str, type[msgspec.Struct]] = {
    "customer.registered": Customer,
    "customer.updated": Customer,
    "customer.archived": Customer,
    "customer.unarchived": Customer,
    "customer.erased": CustomerErased,
    "variable.declared": VariableDeclared,
    "invoice.issued": InvoiceEvent,
    "invoice.changed": InvoiceEvent,
    "invoice.voided": InvoiceEvent,
    "credit_note.issued": CreditNoteEvent,
    "payment.succeeded": PaymentEvent,
    "payment.failed": PaymentEvent,
    "payment.refunded": RefundEvent,
    "subscription.changed": Subscription,
    "dispute.opened": Dispute,
    "dispute.closed": Dispute,
    "dispute.changed": Dispute,
    "promise.made": Promise,
    "promise.cancelled": Promise,
    "promise.reinstated": Promise,
}
"""The payload of each event type; others are ignored by hearers."""


def variable_key(key: str) -> str:
    """The Kafka key of a variable's declaration, which is no customer's id."""
    return f"~{key}"
