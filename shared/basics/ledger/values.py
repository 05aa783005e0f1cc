"""What a book is made of: credits, debts, and which part of which credit paid which debt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

CreditKind = Literal["payment", "credit_note", "write_off"]
CreditKey = tuple[CreditKind, str]
Wanted = Sequence[tuple[str, Decimal]]
"""What a credit is said to be for, in order: (invoice id, at most so much)."""


class Credit(NamedTuple):
    """Money of a customer that pays invoices: ``left`` is what is not applied yet. ``dated_on`` is its own day."""

    kind: CreditKind
    credit_id: str
    currency: str
    dated_on: date
    left: Decimal

    @property
    def key(self) -> CreditKey:
        """Its name among all credits of its customer."""
        return (self.kind, self.credit_id)

    @property
    def turn(self) -> tuple[date, bool, str]:
        """Credits are applied in this order: the earliest dated, payments before others, then by id."""
        return (self.dated_on, self.kind != "payment", self.credit_id)


@dataclass(frozen=True)
class Debt:
    """What the ledger knows of an invoice. ``settled_on`` is the day its balance came to zero, unless it is void."""

    invoice_id: str
    currency: str
    issued_on: date
    due_on: date
    balance: Decimal
    settled_on: date | None = None
    voided_on: date | None = None

    @property
    def turn(self) -> tuple[date, date, str]:
        """Debts are paid in this order: the oldest due, then the oldest issued, then by id."""
        return (self.due_on, self.issued_on, self.invoice_id)


def new_debt(invoice_id: str, currency: str, issued_on: date, due_on: date, amount: Decimal) -> Debt:
    """An invoice nobody has paid anything of; over nothing it is settled at once."""
    return Debt(invoice_id, currency, issued_on, due_on, amount, settled_on=None if amount else issued_on)


@dataclass(frozen=True)
class Application:
    """A part of a credit that pays a part of an invoice; the same pair always has the same ``applied_on``."""

    credit_kind: CreditKind
    credit_id: str
    invoice_id: str
    amount: Decimal
    currency: str
    applied_on: date


@dataclass(frozen=True)
class Effect:
    """What a fact did: parts of earlier applications taken back, then applications made, and each debt touched."""

    applications: tuple[Application, ...] = ()
    reversals: tuple[Application, ...] = ()
    debts: tuple[Debt, ...] = ()


def application(credit: Credit, debt: Debt, amount: Decimal) -> Application:
    """A part of a credit on a debt, dated the later of the credit's own day and the invoice's issue."""
    applied_on = max(credit.dated_on, debt.issued_on)
    return Application(credit.kind, credit.credit_id, debt.invoice_id, amount, debt.currency, applied_on)
