"""Raw facts as the outside world tells them. A list of facts stands in the order they were received."""

import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

zoneinfo.reset_tzpath(to=())

BUSINESS_ZONE = zoneinfo.ZoneInfo("America/Bogota")


class Money(NamedTuple):
    """An amount of one currency."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, kw_only=True)
class Customer:
    """A person or company as it is now. Custom ``variables`` are text, Decimal, Money, date or bool."""

    customer_id: str
    name: str
    registered_on: date
    type: str = "person"
    currency: str = "COP"
    email: str | None = None
    emails: tuple[str, ...] = ()
    phone: str | None = None
    document_type: str | None = None
    document_number: str | None = None
    country: str | None = None
    portfolio: str | None = None
    client_type: str | None = None
    language: str | None = None
    risk_score: Decimal | None = None
    do_not_contact_until: date | None = None
    archived: bool = False
    unreachable: frozenset[str] = frozenset()
    """Addresses (trimmed, lower-cased) that bounced hard or complained, and were not restored since."""
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Invoice:
    """One amount due on one date. The same id again is a change of it."""

    invoice_id: str
    issued_on: date
    due_on: date
    amount: Decimal
    currency: str = "COP"
    product: str | None = None
    number: str | None = None


@dataclass(frozen=True, kw_only=True)
class Payment:
    """A payment attempt; ``allocations`` say what the payer meant it for: (invoice id, amount)."""

    payment_id: str
    occurred_at: datetime
    amount: Decimal
    status: str = "succeeded"
    currency: str = "COP"
    allocations: tuple[tuple[str, Decimal], ...] = ()

    @property
    def on(self) -> date:
        """The business date of the attempt."""
        return self.occurred_at.astimezone(BUSINESS_ZONE).date()


@dataclass(frozen=True, kw_only=True)
class Refund:
    """A part of a payment given back."""

    payment_id: str
    refund_id: str
    amount: Decimal
    refunded_on: date


@dataclass(frozen=True, kw_only=True)
class CreditNote:
    """A debt made less (``credit``), or an invoice's debt given up (``write_off``)."""

    credit_note_id: str
    amount: Decimal
    issued_on: date
    kind: str = "credit"
    currency: str = "COP"
    invoice_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Void:
    """An invoice is taken out of the books."""

    invoice_id: str
    voided_on: date


@dataclass(frozen=True, kw_only=True)
class Dispute:
    """What a customer contests. The same id again is a change of it."""

    dispute_id: str
    opened_on: date
    closed_on: date | None = None
    invoice_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """What a customer gets again and again. The same id again is a change of it, told on ``told_on``."""

    subscription_id: str
    product: str
    started_on: date
    told_on: date
    status: str = "active"
    ended_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What a customer said it would pay by when. The same id again cancels or reinstates it."""

    promise_id: str
    amount: Decimal
    made_on: date
    due_on: date
    currency: str = "COP"
    cancelled: bool = False


Fact = Invoice | Payment | Refund | CreditNote | Void | Dispute | Subscription | Promise


@dataclass(frozen=True)
class Account:
    """A customer with everything that happened to it, in the order received."""

    customer: Customer
    facts: list[Fact]


def dated(fact: Fact) -> date:
    """The fact's own date."""
    match fact:
        case Invoice() | CreditNote():
            return fact.issued_on
        case Payment():
            return fact.on
        case Refund():
            return fact.refunded_on
        case Void():
            return fact.voided_on
        case Dispute():
            return fact.opened_on
        case Subscription():
            return fact.told_on
        case Promise():
            return fact.made_on
