"""What statements knows of a customer: who it is, and its ledger as customers told it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from shared.basics.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A person or company as it is now, as far as statements cares."""

    type: str
    name: str
    email: str | None = None
    emails: tuple[str, ...] = ()
    language: str | None = None
    country: str | None = None
    do_not_contact_until: date | None = None
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What an invoice says: one amount due on one date."""

    invoice_id: str
    number: str
    issued_on: date
    due_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left of an invoice; ``settled_on`` is the day that brought it to zero."""

    invoice_id: str
    left: Decimal
    settled_on: date | None


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that succeeded, by its business date."""

    payment_id: str
    amount: Money
    paid_on: date


@dataclass(frozen=True, slots=True)
class Application:
    """A part of a payment that paid a part of an invoice on a day."""

    payment_id: str
    invoice_id: str
    amount: Money
    applied_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One event of a customer: at most one of registration or update, invoice, payment; and its effect."""

    customer: Customer | None = None
    terms: Terms | None = None
    payment: Payment | None = None
    applications: tuple[Application, ...] = ()
    balances: tuple[Balance, ...] = ()


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice with what is left of it."""

    terms: Terms
    left: Decimal
    settled_on: date | None


@dataclass
class Account:
    """A customer with its whole ledger, and the segment it is in as far as known."""

    customer_id: str
    customer: Customer
    segment_id: str | None = None
    invoices: list[Invoice] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    applications: list[Application] = field(default_factory=list)
