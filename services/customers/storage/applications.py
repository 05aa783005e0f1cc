"""Rows of ``applications``: which credit paid which invoice, in the order it was done.

``amount`` is below zero where a refund or a void took a part back; rows of a pair add up to what stands.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, text

from services.customers.storage.bulk import arrays, insert
from shared.basics.ledger.values import Application, Effect
from shared.database.engine import Transaction
from shared.database.writing import Write

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
_PAYMENT = {"customer_id": "text", "payment_id": "text"}
_INVOICE = {"customer_id": "text", "invoice_id": "text"}
_PARTS = text(
    """
    SELECT customer_id, credit_kind, credit_id, invoice_id, sum(amount) AS amount, currency, applied_on
    FROM applications
    WHERE customer_id = ANY(CAST(:customer_id AS text[]) || CAST(:of_customer_id AS text[])) AND (
        (
            credit_kind = 'payment' AND (customer_id, credit_id)
                IN (SELECT * FROM unnest(CAST(:customer_id AS text[]), CAST(:payment_id AS text[])))
        ) OR (customer_id, invoice_id)
            IN (SELECT * FROM unnest(CAST(:of_customer_id AS text[]), CAST(:of_invoice_id AS text[])))
    )
    GROUP BY customer_id, credit_kind, credit_id, invoice_id, currency, applied_on
    HAVING sum(amount) <> 0
    """
)
_STANDING = text(
    """
    SELECT customer_id, credit_kind, credit_id, invoice_id, sum(amount) AS amount, currency, applied_on
    FROM applications WHERE customer_id = ANY(CAST(:ids AS text[]))
    GROUP BY customer_id, credit_kind, credit_id, invoice_id, currency, applied_on
    HAVING sum(amount) <> 0
    ORDER BY customer_id, min(seq), (array_agg(place ORDER BY seq, place))[1]
    """
)


async def standing_parts(
    connection: Transaction, payments: Collection[tuple[str, str]], invoices: Collection[tuple[str, str]]
) -> list[tuple[str, Application]]:
    """What stands applied of these payments, and to these invoices: (customer id, application)."""
    if not payments and not invoices:
        return []
    wanted = {**arrays(_PAYMENT, payments), **{f"of_{name}": ids for name, ids in arrays(_INVOICE, invoices).items()}}
    rows = await connection.execute(_PARTS, wanted)
    return [(row.customer_id, _application_of(row)) for row in rows]


def enter_applications(done: Iterable[tuple[str, int, Effect]]) -> list[Write]:
    """Store what events took back and applied: (customer id, seq of the event, its effect)."""
    rows = [
        _row(customer_id, seq, place, one)
        for customer_id, seq, effect in done
        for place, one in enumerate((*map(_taken_back, effect.reversals), *effect.applications))
    ]
    return _INSERT.of(rows)


async def standing_applications(connection: Transaction, ids: Collection[str]) -> list[tuple[str, Application]]:
    """What stands applied of the customers' credits: (customer id, one for each pair of credit and invoice), each
    customer's in the order first made.
    """
    rows = await connection.execute(_STANDING, {"ids": list(ids)})
    return [(row.customer_id, _application_of(row)) for row in rows]


def _application_of(row: Row[Any]) -> Application:
    return Application(row.credit_kind, row.credit_id, row.invoice_id, row.amount, row.currency, row.applied_on)


def _taken_back(one: Application) -> Application:
    return replace(one, amount=-one.amount)


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
