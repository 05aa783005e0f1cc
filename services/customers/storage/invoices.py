"""Rows of ``invoices``: the facts, and in the same rows how their balances stand."""

from collections.abc import Collection, Iterable
from typing import Any

import msgspec
from sqlalchemy import Row, text

from services.customers.domain.invoice import DueDate, Invoice, InvoiceLine, KeptInvoice, Told
from services.customers.storage.bulk import arrays, insert, update
from shared.basics.ledger.values import Debt
from shared.basics.money import Money
from shared.database.engine import Transaction
from shared.database.writing import Write

COLUMNS = """
    customer_id, invoice_id, issued_on, due_on, amount, currency, number, product, description,
    CAST(lines AS text) AS lines, balance, settled_on, voided_on, void_reason, seq,
    CAST(due_dates AS text) AS due_dates, voided_seq
"""
_COLUMNS = {
    "customer_id": "text",
    "invoice_id": "text",
    "issued_on": "date",
    "due_on": "date",
    "amount": "numeric",
    "currency": "text",
    "number": "text",
    "product": "text",
    "description": "text",
    "lines": "jsonb",
    "balance": "numeric",
    "settled_on": "date",
    "voided_on": "date",
    "void_reason": "text",
    "seq": "bigint",
    "due_dates": "jsonb",
    "voided_seq": "bigint",
}
_STANDING = {"customer_id": "text", "invoice_id": "text", "balance": "numeric", "settled_on": "date"}
_NAME = {"customer_id": "text", "invoice_id": "text"}
_NAMED = text(
    f"""
    SELECT {COLUMNS} FROM invoices
    WHERE (customer_id, invoice_id)
        IN (SELECT * FROM unnest(CAST(:customer_id AS text[]), CAST(:invoice_id AS text[])))
    """
)
_OPEN = text(
    """
    SELECT customer_id, invoice_id, issued_on, due_on, currency, balance, settled_on, voided_on FROM invoices
    WHERE customer_id = ANY(:ids) AND is_open
    """
)
_ALL = text(f"SELECT {COLUMNS} FROM invoices WHERE customer_id = ANY(:ids) ORDER BY customer_id, invoice_id")
_OPEN_FACTS = text(
    f"""
    SELECT {COLUMNS} FROM invoices WHERE customer_id = :customer_id AND is_open
    ORDER BY due_on, issued_on, invoice_id
    """
)
_RECENT = text(
    f"""
    SELECT {COLUMNS} FROM invoices WHERE customer_id = :customer_id
    ORDER BY issued_on DESC, invoice_id DESC LIMIT :limit
    """
)
_PAGE = text(
    f"""
    SELECT {COLUMNS} FROM invoices WHERE customer_id = :customer_id AND invoice_id > :after
    ORDER BY invoice_id LIMIT :limit
    """
)
_INSERT = insert("invoices", _COLUMNS)
_UPDATE = update("invoices", _COLUMNS, key=_NAME, name="changed_invoices")
_STAND = update("invoices", _STANDING, key=_NAME, name="balances")


def invoice_of(row: Row[Any]) -> Invoice:
    """A row with ``COLUMNS`` as the fact it holds."""
    return Invoice(
        customer_id=row.customer_id,
        invoice_id=row.invoice_id,
        issued_on=row.issued_on,
        due_on=row.due_on,
        amount=Money(row.amount, row.currency),
        number=row.number,
        product=row.product,
        description=row.description,
        lines=msgspec.json.decode(row.lines, type=tuple[InvoiceLine, ...]),
        voided_on=row.voided_on,
        void_reason=row.void_reason,
    )


def debt_of(row: Row[Any]) -> Debt:
    """How the ledger sees a row."""
    return Debt(row.invoice_id, row.currency, row.issued_on, row.due_on, row.balance, row.settled_on, row.voided_on)


def _kept(row: Row[Any]) -> KeptInvoice:
    """``due_dates`` is empty while the first one stands."""
    due_dates = msgspec.json.decode(row.due_dates, type=tuple[DueDate, ...]) or (DueDate(row.seq, row.due_on),)
    return KeptInvoice(invoice_of(row), Told(due_dates, row.voided_seq), debt_of(row))


async def named_invoices(connection: Transaction, names: Collection[tuple[str, str]]) -> list[KeptInvoice]:
    """Those invoices that exist, by (customer, invoice) ids."""
    if not names:
        return []
    rows = await connection.execute(_NAMED, arrays(_NAME, names))
    return [_kept(row) for row in rows]


async def open_debts(connection: Transaction, customer_ids: Collection[str]) -> list[tuple[str, Debt]]:
    """Every open invoice of the customers: (customer id, debt)."""
    if not customer_ids:
        return []
    rows = await connection.execute(_OPEN, {"ids": sorted(customer_ids)})
    return [(row.customer_id, debt_of(row)) for row in rows]


async def page_of_invoices(connection: Transaction, customer_id: str, after: str, limit: int) -> list[KeptInvoice]:
    """A customer's invoices in order of id."""
    rows = await connection.execute(_PAGE, {"customer_id": customer_id, "after": after, "limit": limit})
    return [_kept(row) for row in rows]


async def all_invoices(connection: Transaction, ids: Collection[str]) -> list[KeptInvoice]:
    """Every invoice of the customers, each one's in order of id."""
    rows = await connection.execute(_ALL, {"ids": list(ids)})
    return [_kept(row) for row in rows]


async def open_invoices(connection: Transaction, customer_id: str) -> list[KeptInvoice]:
    """A customer's open invoices, the oldest due first."""
    rows = await connection.execute(_OPEN_FACTS, {"customer_id": customer_id})
    return [_kept(row) for row in rows]


async def recent_invoices(connection: Transaction, customer_id: str, limit: int) -> list[KeptInvoice]:
    """A customer's invoices, the latest issued first."""
    rows = await connection.execute(_RECENT, {"customer_id": customer_id, "limit": limit})
    return [_kept(row) for row in rows]


def enter_invoices(invoices: Iterable[KeptInvoice]) -> list[Write]:
    """Store new invoices with their balances."""
    return _INSERT.of(_rows(invoices))


def change_invoices(invoices: Iterable[KeptInvoice]) -> list[Write]:
    """Store changed invoices with their balances."""
    return _UPDATE.of(_rows(invoices))


def change_balances(debts: Iterable[tuple[str, Debt]]) -> list[Write]:
    """Store how invoices stand that did not change otherwise: (customer id, debt)."""
    return _STAND.of(
        sorted((customer_id, debt.invoice_id, debt.balance, debt.settled_on) for customer_id, debt in debts)
    )


def _rows(invoices: Iterable[KeptInvoice]) -> list[tuple[Any, ...]]:
    return [_row(one) for one in sorted(invoices, key=lambda one: (one.invoice.customer_id, one.invoice.invoice_id))]


def _row(kept: KeptInvoice) -> tuple[Any, ...]:
    invoice, told, debt = kept.invoice, kept.told, kept.debt
    return (
        invoice.customer_id,
        invoice.invoice_id,
        invoice.issued_on,
        invoice.due_on,
        invoice.amount.amount,
        invoice.amount.currency,
        invoice.number,
        invoice.product,
        invoice.description,
        msgspec.json.encode(invoice.lines).decode(),
        debt.balance,
        debt.settled_on,
        invoice.voided_on,
        invoice.void_reason,
        told.seq,
        msgspec.json.encode(told.due_dates).decode() if len(told.due_dates) > 1 else "[]",
        told.voided_seq,
    )
