"""Rows of ``applications``: which credit paid which invoice, in the order it was done."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Row, text

from services.customers.storage.bulk import arrays, insert
from shared.basics.ledger.values import Application
from shared.database.engine import Transaction

_COLUMNS = {
    "customer_id": "text",
    "seq": "bigint",
    "place": "integer",
    "credit_kind": "text",
    "credit_id": "text",
    "invoice_id": "text",
    "amount": "numeric",
    "currency": "text",
    "applied_on": "date",
}
_INSERT = insert("applications", _COLUMNS)
_ALL = text(
    """
    SELECT customer_id, credit_kind, credit_id, invoice_id, amount, currency, applied_on FROM applications
    WHERE customer_id = ANY(CAST(:ids AS text[])) ORDER BY customer_id, seq, place
    """
)


async def enter_applications(connection: Transaction, made: Iterable[tuple[str, int, tuple[Application, ...]]]) -> None:
    """Store what events applied: (customer id, seq of the event, applications)."""
    rows = [
        _row(customer_id, seq, place, one)
        for customer_id, seq, applications in made
        for place, one in enumerate(applications)
    ]
    if rows:
        await connection.execute(_INSERT, arrays(_COLUMNS, rows))


async def all_applications(connection: Transaction, ids: Collection[str]) -> list[tuple[str, Application]]:
    """Every application of the customers, each one's in the order made: (customer id, application)."""
    rows = await connection.execute(_ALL, {"ids": list(ids)})
    return [(row.customer_id, _application_of(row)) for row in rows]


def _application_of(row: Row[Any]) -> Application:
    return Application(row.credit_kind, row.credit_id, row.invoice_id, row.amount, row.currency, row.applied_on)


def _row(customer_id: str, seq: int, place: int, one: Application) -> tuple[Any, ...]:
    return (
        customer_id,
        seq,
        place,
        one.credit_kind,
        one.credit_id,
        one.invoice_id,
        one.amount,
        one.currency,
        one.applied_on,
    )
