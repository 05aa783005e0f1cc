"""The books as of a past day: the facts dated that day or earlier, taken in the order they were received.

A change of a due date has no day of its own: it counts from where it stands in that order. What a later fact is for
is not there yet, so a refund or a void of it does nothing, and an allocation to it stays with the rest of its credit.
Source: meaning.md, *The ledger*, rule 6.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from shared.basics.ledger.book import Book
from shared.basics.ledger.values import Credit, CreditKey, Debt


@dataclass(frozen=True, slots=True)
class Issued:
    """An invoice, owed in full."""

    debt: Debt


@dataclass(frozen=True, slots=True)
class DueChanged:
    """An invoice is due on another day from here on."""

    invoice_id: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Credited:
    """A payment, credit note or write-off, nothing of it applied; ``wanted`` says what it is for."""

    credit: Credit
    wanted: tuple[tuple[str, Decimal], ...] = ()


@dataclass(frozen=True, slots=True)
class Refunded:
    """A part of a credit was given back."""

    key: CreditKey
    amount: Decimal
    refunded_on: date


@dataclass(frozen=True, slots=True)
class Voided:
    """An invoice was taken out of the books."""

    invoice_id: str
    voided_on: date


Entry: TypeAlias = Issued | DueChanged | Credited | Refunded | Voided


def replay(entries: Iterable[Entry], as_of: date) -> Book:
    """The book at the end of a day, from a customer's entries in the order received."""
    book = Book()
    for entry in entries:
        match entry:
            case Issued(debt) if debt.issued_on <= as_of:
                book.issue(debt)
            case DueChanged(invoice_id, due_on) if invoice_id in book.debts:
                book.change_due(invoice_id, due_on)
            case Credited(credit, wanted) if credit.dated_on <= as_of:
                book.enter(credit, [(one, amount) for one, amount in wanted if _is_owed(book, one)])
            case Refunded(key, amount, refunded_on) if refunded_on <= as_of and key in book.credits:
                book.refund(key, min(amount, book.refundable(key)))
            case Voided(invoice_id, voided_on) if voided_on <= as_of and invoice_id in book.debts:
                book.void(invoice_id, voided_on)
    return book


def _is_owed(book: Book, invoice_id: str) -> bool:
    return invoice_id in book.debts and book.debts[invoice_id].voided_on is None
