"""``customers.v1``: everything that happens to a customer, each event with the whole fact.

Key: the customer's id (``~<variable>`` for declarations). ``ce_sequence`` is 1, 2, 3… without gaps per customer.
Money facts carry their effect: every application of credit to an invoice that the fact caused, and the balance after
it of each invoice touched. So hearers do no allocation of their own.
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


class Application(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a credit that pays a part of an invoice, dated the later of the credit's day and its issue."""

    credit_kind: Literal["payment"]
    credit_id: str
    invoice_id: str
    amount: Money
    applied_on: date


class InvoiceBalance(msgspec.Struct, frozen=True, kw_only=True):
    """An invoice's balance after the event; ``settled_on`` is the date of the application that brought it to zero."""

    invoice_id: str
    balance: Money
    settled_on: date | None = None


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """What a money fact did to the ledger, in the order it was done."""

    applications: list[Application] = []
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


class InvoiceEvent(Invoice, frozen=True, kw_only=True):
    """``invoice.issued``, ``invoice.changed``."""

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


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about a customer as of ``(epoch, seq)``: ``GET /v1/customers/{id}/snapshot``.

    Applications stand in the order they were made; ``balances`` has every invoice.
    """

    customer_id: str
    epoch: int
    seq: int
    customer: Customer
    invoices: list[Invoice] = []
    payments: list[Payment] = []
    applications: list[Application] = []
    balances: list[InvoiceBalance] = []


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """How far a customer's events go: ``GET /v1/heads``."""

    customer_id: str
    epoch: int
    seq: int


EVENTS: dict[str, type[msgspec.Struct]] = {
    "customer.registered": Customer,
    "customer.updated": Customer,
    "variable.declared": VariableDeclared,
    "invoice.issued": InvoiceEvent,
    "invoice.changed": InvoiceEvent,
    "payment.succeeded": PaymentEvent,
    "payment.failed": PaymentEvent,
}
"""The payload of each event type; others are ignored by hearers."""


def variable_key(key: str) -> str:
    """The Kafka key of a variable's declaration, which is no customer's id."""
    return f"~{key}"
