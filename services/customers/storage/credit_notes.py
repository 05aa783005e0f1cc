"""Rows of ``credit_notes``: the facts, and in the same rows what is left of each unapplied."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Row, text

from services.customers.domain.credit_note import CreditNote, KeptCreditNote
from services.customers.storage.bulk import arrays, insert
from shared.basics.money import Money
from shared.database.engine import Transaction
from shared.database.writing import Write

_COLUMNS = {
    "customer_id": "text",
    "credit_note_id": "text",
    "kind": "text",
    "amount": "numeric",
    "currency": "text",
    "issued_on": "date",
    "invoice_id": "text",
    "unapplied": "numeric",
    "seq": "bigint",
}
_NAME = {"customer_id": "text", "credit_note_id": "text"}
_INVOICE = {"customer_id": "text", "invoice_id": "text"}
_SHOWN = ", ".join(_COLUMNS)
_NAMED = text(
    f"""
    SELECT {_SHOWN} FROM credit_notes
    WHERE (customer_id, credit_note_id)
        IN (SELECT * FROM unnest(CAST(:customer_id AS text[]), CAST(:credit_note_id AS text[])))
    """
)
_NOTED = text(
    """
    SELECT DISTINCT customer_id, invoice_id FROM credit_notes
    WHERE (customer_id, invoice_id)
        IN (SELECT * FROM unnest(CAST(:customer_id AS text[]), CAST(:invoice_id AS text[])))
    """
)
_ALL = text(f"SELECT {_SHOWN} FROM credit_notes WHERE customer_id = ANY(:ids) ORDER BY customer_id, credit_note_id")
_PAGE = text(
    f"""
    SELECT {_SHOWN} FROM credit_notes WHERE customer_id = :customer_id AND credit_note_id > :after
    ORDER BY credit_note_id LIMIT :limit
    """
)
_INSERT = insert("credit_notes", _COLUMNS)


def credit_note_of(row: Row[Any]) -> KeptCreditNote:
    """A row as it is kept."""
    note = CreditNote(
        customer_id=row.customer_id,
        credit_note_id=row.credit_note_id,
        kind=row.kind,
        amount=Money(row.amount, row.currency),
        issued_on=row.issued_on,
        invoice_id=row.invoice_id,
    )
    return KeptCreditNote(note, row.seq, note.credit()._replace(left=row.unapplied))


async def named_credit_notes(connection: Transaction, names: Collection[tuple[str, str]]) -> list[KeptCreditNote]:
    """Those credit notes that exist, by (customer, credit note) ids."""
    if not names:
        return []
    return [credit_note_of(row) for row in await connection.execute(_NAMED, arrays(_NAME, names))]


async def invoices_with_credit_note(
    connection: Transaction, names: Collection[tuple[str, str]]
) -> list[tuple[str, str]]:
    """Those of the invoices, by (customer, invoice) ids, that a credit note names."""
    if not names:
        return []
    return [(row.customer_id, row.invoice_id) for row in await connection.execute(_NOTED, arrays(_INVOICE, names))]


async def page_of_credit_notes(
    connection: Transaction, customer_id: str, after: str, limit: int
) -> list[KeptCreditNote]:
    """A customer's credit notes in order of id."""
    rows = await connection.execute(_PAGE, {"customer_id": customer_id, "after": after, "limit": limit})
    return [credit_note_of(row) for row in rows]


async def all_credit_notes(connection: Transaction, ids: Collection[str]) -> list[KeptCreditNote]:
    """Every credit note of the customers, each one's in order of id."""
    return [credit_note_of(row) for row in await connection.execute(_ALL, {"ids": list(ids)})]


def enter_credit_notes(notes: Iterable[KeptCreditNote]) -> list[Write]:
    """Store new credit notes, each with what is left of it."""
    ordered = sorted(notes, key=lambda one: (one.note.customer_id, one.note.credit_note_id))
    return _INSERT.of([_row(one) for one in ordered])


def _row(kept: KeptCreditNote) -> tuple[Any, ...]:
    note = kept.note
    return (
        note.customer_id,
        note.credit_note_id,
        note.kind,
        note.amount.amount,
        note.amount.currency,
        note.issued_on,
        note.invoice_id,
        kept.credit.left,
        kept.seq,
    )
