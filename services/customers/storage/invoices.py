"""Rows of ``invoices``: the facts, and in the same rows how their balances stand."""

from collections.abc import Collection, Iterable
from typing import Any

import msgspec
from sqlalchemy import Row, text

from services.customers.domain.invoice import Invoice, InvoiceLine
from services.customers.storage.bulk import arrays, insert, update
from shared.basics.ledger.values import Debt
from shared.basics.money import Money
from shared.database.engine import Transaction

COLUMNS = """
    customer_id, invoice_id, issued_on, due_on, amount, currency, number, product, description,
    CAST(lines AS text) AS lines, balance, settled_on
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
    SELECT customer_id, invoice_id, issued_on, due_on, currency, balance, settled_on FROM invoices
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
_UPDATE = update("invoices", _COLUMNS, key=_NAME)
_STAND = update("invoices", _STANDING, key=_NAME)


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
    )


def debt_of(row: Row[Any]) -> Debt:
    """How the ledger sees a row."""
    return Debt(row.invoice_id, row.currency, row.issued_on, row.due_on, row.balance, row.settled_on)


async def named_invoices(connection: Transaction, names: Collection[tuple[str, str]]) -> list[tuple[Invoice, Debt]]:
    """Those invoices that exist, by (customer, invoice) ids."""
    if not names:
        return []
    rows = await connection.execute(_NAMED, arrays(_NAME, names))
    return [(invoice_of(row), debt_of(row)) for row in rows]


async def open_debts(connection: Transaction, customer_ids: Collection[str]) -> list[tuple[str, Debt]]:
    """Every open invoice of the customers: (customer id, debt)."""
    if not customer_ids:
        return []
    rows = await connection.execute(_OPEN, {"ids": sorted(customer_ids)})
    return [(row.customer_id, debt_of(row)) for row in rows]


async def page_of_invoices(
    connection: Transaction, customer_id: str, after: str, limit: int
) -> list[tuple[Invoice, Debt]]:
    """A customer's invoices in order of id."""
    rows = await connection.execute(_PAGE, {"customer_id": customer_id, "after": after, "limit": limit})
    return [(invoice_of(row), debt_of(row)) for row in rows]


async def all_invoices(connection: Transaction, ids: Collection[str]) -> list[tuple[Invoice, Debt]]:
    """Every invoice of the customers, each one's in order of id."""
    rows = await connection.execute(_ALL, {"ids": list(ids)})
    return [(invoice_of(row), debt_of(row)) for row in rows]


async def open_invoices(connection: Transaction, customer_id: str) -> list[tuple[Invoice, Debt]]:
    """A customer's open invoices, the oldest due first."""
    rows = await connection.execute(_OPEN_FACTS, {"customer_id": customer_id})
    return [(invoice_of(row), debt_of(row)) for row in rows]


async def recent_invoices(connection: Transaction, customer_id: str, limit: int) -> list[tuple[Invoice, Debt]]:
    """A customer's invoices, the latest issued first."""
    rows = await connection.execute(_RECENT, {"customer_id": customer_id, "limit": limit})
    return [(invoice_of(row), debt_of(row)) for row in rows]


async def enter_invoices(connection: Transaction, invoices: Iterable[tuple[Invoice, Debt]]) -> None:
    """Store new invoices with their balances."""
    rows = _rows(invoices)
    if rows:
        await connection.execute(_INSERT, arrays(_COLUMNS, rows))


async def change_invoices(connection: Transaction, invoices: Iterable[tuple[Invoice, Debt]]) -> None:
    """Store changed invoices with their balances."""
    rows = _rows(invoices)
    if rows:
        await connection.execute(_UPDATE, arrays(_COLUMNS, rows))


async def change_balances(connection: Transaction, debts: Iterable[tuple[str, Debt]]) -> None:
    """Store how invoices stand that did not change otherwise: (customer id, debt)."""
    rows = sorted((customer_id, debt.invoice_id, debt.balance, debt.settled_on) for customer_id, debt in debts)
    if rows:
        await connection.execute(_STAND, arrays(_STANDING, rows))


def _rows(invoices: Iterable[tuple[Invoice, Debt]]) -> list[tuple[Any, ...]]:
    ordered = sorted(invoices, key=lambda one: (one[0].customer_id, one[0].invoice_id))
    return [_row(invoice, debt) for invoice, debt in ordered]


def _row(invoice: Invoice, debt: Debt) -> tuple[Any, ...]:
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
    )
