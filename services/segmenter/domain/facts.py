"""What the segmenter hears of a customer, in its own words: translated from the wire in ``inbound/events.py``."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from shared.basics.money import Money


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
    variables: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A payment attempt; ``occurred_on`` is its business date."""

    payment_id: str
    succeeded: bool
    amount: Money
    occurred_at: datetime
    occurred_on: date

    @property
    def place(self) -> tuple[datetime, str]:
        """Its place among the attempts of its customer."""
        return self.occurred_at, self.payment_id


@dataclass(frozen=True, slots=True)
class Invoice:
    """One amount due on one date."""

    invoice_id: str
    issued_on: date
    due_on: date
    amount: Money
    product: str | None


@dataclass(frozen=True, slots=True)
class Application:
    """A part of a payment that paid a part of an invoice."""

    payment_id: str
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One event of a customer: at most one of registration or update, attempt, issue, change; and its effect."""

    attributes: Attributes | None = None
    attempt: Attempt | None = None
    issued: Invoice | None = None
    changed: Invoice | None = None
    applications: tuple[Application, ...] = ()
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
