"""What statements knows of a customer: who it is, and its ledger as customers told it.

``seq`` is the event that told a fact: the order facts were received in, in which a past day is replayed.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from shared.basics.ledger.values import CreditKind
from shared.basics.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A person or company as it is now, as far as statements cares; of an erased one nothing personal is left."""

    type: str
    name: str
    email: str | None = None
    emails: tuple[str, ...] = ()
    language: str | None = None
    country: str | None = None
    do_not_contact_until: date | None = None
    archived: bool = False
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What an invoice says: one amount due on one date, at first perhaps on another."""

    invoice_id: str
    number: str
    issued_on: date
    due_on: date
    amount: Money
    seq: int
    first_due_on: date


@dataclass(frozen=True, slots=True)
class DueChange:
    """An invoice was given another due date."""

    invoice_id: str
    due_on: date
    seq: int


@dataclass(frozen=True, slots=True)
class Void:
    """An invoice was taken out of the books."""

    invoice_id: str
    voided_on: date
    seq: int


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left of an invoice; ``settled_on`` is the day that brought it to zero."""

    invoice_id: str
    left: Decimal
    settled_on: date | None


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that succeeded, by its business date; ``allocations``: (invoice id, amount) it was said to be for."""

    payment_id: str
    amount: Money
    paid_on: date
    seq: int
    allocations: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Refund:
    """A part of a payment that was given back; its id is unique within its payment."""

    payment_id: str
    refund_id: str
    amount: Money
    refunded_on: date
    seq: int


@dataclass(frozen=True, slots=True)
class CreditNote:
    """A debt made less, or (``write_off``) given up."""

    credit_note_id: str
    kind: Literal["credit", "write_off"]
    amount: Money
    issued_on: date
    invoice_id: str | None
    seq: int


@dataclass(frozen=True, slots=True)
class Dispute:
    """What a customer contests, an invoice if it names one."""

    dispute_id: str
    invoice_id: str | None
    opened_on: date
    closed_on: date | None

    def is_open(self, on: date) -> bool:
        """Whether it was open at the end of a day."""
        return self.opened_on <= on and (self.closed_on is None or on < self.closed_on)


@dataclass(frozen=True, slots=True)
class Application:
    """A part of a credit that pays a part of an invoice; what is taken back is negative. A pair has one date."""

    credit_kind: CreditKind
    credit_id: str
    invoice_id: str
    amount: Money
    applied_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One event of a customer, and its effect on the ledger."""

    customer: Customer | None = None
    terms: Terms | None = None
    due_change: DueChange | None = None
    void: Void | None = None
    payment: Payment | None = None
    refund: Refund | None = None
    credit_note: CreditNote | None = None
    dispute: Dispute | None = None
    is_erasure: bool = False
    applications: tuple[Application, ...] = ()
    balances: tuple[Balance, ...] = ()


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice with what is left of it."""

    terms: Terms
    left: Decimal
    settled_on: date | None
    void: Void | None = None


@dataclass
class Account:
    """A customer with its whole ledger, and the segment it is in as far as known. ``applications`` are net."""

    customer_id: str
    customer: Customer
    segment_id: str | None = None
    invoices: list[Invoice] = field(default_factory=list)
    due_changes: list[DueChange] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    credit_notes: list[CreditNote] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)
