"""Rows of ``invoices``: the facts, and in the same rows how their balances stand."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Row, text

from services.customers.domain.invoice import Invoice, InvoiceLine
from services.customers.domain.ledger import Debt
from services.customers.storage.columns import columns
from shared.basics.money import Money
from shared.database.engine import Transaction

COLUMNS = """
    customer_id, invoice_id, issued_on, due_on, amount, currency, number, product, description,
    CAST(lines AS text) AS lines, balance, settled_on
"""
_NAMES = "customer_id invoice_id issued_on due_on amount currency number product description lines balance settled_on"
_NAMED = text(
    f"""
    SELECT {COLUMNS} FROM invoices
    WHERE (customer_id, invoice_id) IN (SELECT * FROM unnest(CAST(:customer_id AS text[]), CAST(:name AS text[])))
    """
)
_OPEN = text(
    """
    SELECT customer_id, invoice_id, issued_on, due_on, currency, balance, settled_on FROM invoices
    WHERE customer_id = ANY(:ids) AND is_open
    """
)
_ALL = text(f"SELECT {COLUMNS} FROM invoices WHERE customer_id = :customer_id ORDER BY invoice_id")
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
_PUT = text(
    """
    INSERT INTO invoices (customer_id, invoice_id, issued_on, due_on, amount, currency, number, product, description,
        lines, balance, settled_on)
    SELECT customer_id, invoice_id, issued_on, due_on, amount, currency, number, product, description,
        CAST(lines AS jsonb), balance, settled_on
    FROM unnest(
        CAST(:customer_id AS text[]), CAST(:invoice_id AS text[]), CAST(:issued_on AS date[]),
        CAST(:due_on AS date[]), CAST(:amount AS numeric[]), CAST(:currency AS text[]), CAST(:number AS text[]),
        CAST(:product AS text[]), CAST(:description AS text[]), CAST(:lines AS text[]), CAST(:balance AS numeric[]),
        CAST(:settled_on AS date[]))
        AS asked (customer_id, invoice_id, issued_on, due_on, amount, currency, number, product, description, lines,
            balance, settled_on)
    ON CONFLICT (customer_id, invoice_id) DO UPDATE SET
        due_on = excluded.due_on, number = excluded.number, product = excluded.product,
        description = excluded.description, lines = excluded.lines, balance = excluded.balance,
        settled_on = excluded.settled_on
    """
)
_BALANCE = text(
    """
    UPDATE invoices SET balance = paid.balance, settled_on = paid.settled_on
    FROM unnest(
        CAST(:customer_id AS text[]), CAST(:invoice_id AS text[]), CAST(:balance AS numeric[]),
        CAST(:settled_on AS date[])) AS paid (customer_id, invoice_id, balance, settled_on)
    WHERE invoices.customer_id = paid.customer_id AND invoices.invoice_id = paid.invoice_id
    """
)


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
    rows = await connection.execute(_NAMED, columns("customer_id name", names))
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


async def all_invoices(connection: Transaction, customer_id: str) -> list[tuple[Invoice, Debt]]:
    """Every invoice of a customer."""
    rows = await connection.execute(_ALL, {"customer_id": customer_id})
    return [(invoice_of(row), debt_of(row)) for row in rows]


async def open_invoices(connection: Transaction, customer_id: str) -> list[tuple[Invoice, Debt]]:
    """A customer's open invoices, the oldest due first."""
    rows = await connection.execute(_OPEN_FACTS, {"customer_id": customer_id})
    return [(invoice_of(row), debt_of(row)) for row in rows]


async def recent_invoices(connection: Transaction, customer_id: str, limit: int) -> list[tuple[Invoice, Debt]]:
    """A customer's invoices, the latest issued first."""
    rows = await connection.execute(_RECENT, {"customer_id": customer_id, "limit": limit})
    return [(invoice_of(row), debt_of(row)) for row in rows]


async def put_invoices(connection: Transaction, invoices: Iterable[tuple[Invoice, Debt]]) -> None:
    """Enter new and changed invoices with their balances."""
    ordered = sorted(invoices, key=lambda one: (one[0].customer_id, one[0].invoice_id))
    if ordered:
        await connection.execute(_PUT, columns(_NAMES, [_row(invoice, debt) for invoice, debt in ordered]))


async def put_balances(connection: Transaction, debts: Sequence[tuple[str, Debt]]) -> None:
    """Store how debts stand: (customer id, debt)."""
    rows = [(customer_id, debt.invoice_id, debt.balance, debt.settled_on) for customer_id, debt in debts]
    if rows:
        await connection.execute(_BALANCE, columns("customer_id invoice_id balance settled_on", rows))


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
