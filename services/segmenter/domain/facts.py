"""What the segmenter hears of a customer, in its own words: translated from the wire in ``inbound/wire.py``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from shared.basics.money import Money

CreditKind = Literal["payment", "credit_note", "write_off"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attributes:
    """A person or company as it is now; ``variables`` holds the custom ones as they stand on the wire."""

    customer_type: str
    name: str
    currency: str
    registered_on: date
    email: str | None = None
    emails: tuple[str, ...] = ()
    phone: str | None = None
    document_number: str | None = None
    document_type: str | None = None
    country: str | None = None
    portfolio: str | None = None
    client_type: str | None = None
    language: str | None = None
    risk_score: Decimal | None = None
    archived: bool = False
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A payment attempt; ``occurred_on`` is its business date, ``allocations`` what the payer said it is for."""

    payment_id: str
    succeeded: bool
    amount: Money
    occurred_at: datetime
    occurred_on: date
    allocations: tuple[tuple[str, Decimal], ...] = ()

    @property
    def place(self) -> tuple[datetime, str]:
        """Its place among the attempts of its customer."""
        return self.occurred_at, self.payment_id


@dataclass(frozen=True, slots=True)
class Refund:
    """A part of a payment given back."""

    payment_id: str
    refund_id: str
    amount: Decimal
    refunded_on: date


@dataclass(frozen=True, slots=True)
class Invoice:
    """One amount due on one date."""

    invoice_id: str
    issued_on: date
    due_on: date
    amount: Money
    product: str | None


@dataclass(frozen=True, slots=True)
class CreditNote:
    """A debt made less: a credit, or (``write_off``) an invoice's debt given up."""

    credit_note_id: str
    kind: Literal["credit", "write_off"]
    amount: Money
    issued_on: date
    invoice_id: str | None


@dataclass(frozen=True, slots=True)
class Application:
    """A part of a credit that paid a part of an invoice; negative where it was taken back."""

    credit_kind: CreditKind
    credit_id: str
    invoice_id: str
    amount: Money
    applied_on: date

    @property
    def pair(self) -> tuple[str, CreditKind, str]:
        """Which invoice, and which credit."""
        return self.invoice_id, self.credit_kind, self.credit_id


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a customer gets again and again; ``changed_on``: the days on which it was told otherwise."""

    subscription_id: str
    product: str
    status: str
    started_on: date
    ended_on: date | None
    changed_on: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """What a customer contests."""

    dispute_id: str
    invoice_id: str | None
    opened_on: date
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class Promise:
    """What a customer said it would pay by when."""

    promise_id: str
    amount: Money
    made_on: date
    due_on: date
    cancelled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One event of a customer: at most one thing that happened, and its effect on the books.

    ``seq``: its place among the customer's events, which is the order that money facts were received in.
    """

    seq: int
    attributes: Attributes | None = None
    is_erasure: bool = False
    attempt: Attempt | None = None
    refund: Refund | None = None
    issued: Invoice | None = None
    changed: Invoice | None = None
    voided: tuple[str, date] | None = None
    """(invoice id, the day it was taken out of the books)."""
    credit_note: CreditNote | None = None
    subscription: Subscription | None = None
    dispute: Dispute | None = None
    promise: Promise | None = None
    applications: tuple[Application, ...] = ()
    """Net: what was taken back is negative."""
    balances: tuple[tuple[str, Decimal], ...] = ()
    """(invoice id, its balance after the event)."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """A custom variable that may be loaded from now on; the highest (epoch, sequence) of a key wins."""

    key: str
    type: str
    title: Mapping[str, str | None]
    description: str | None
    choices: tuple[str, ...] | None
    epoch: int
    sequence: int


@dataclass(frozen=True, slots=True)
class Contact:
    """Whether mails reach an address of a customer, as statements tells it; the highest (epoch, sequence) wins."""

    customer_id: str
    address_sha256: str
    is_unusable: bool
    epoch: int
    sequence: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Suppressed:
    """An address of a customer that is not written to any more, as statements has it now."""

    customer_id: str
    address_sha256: str
    since: datetime
