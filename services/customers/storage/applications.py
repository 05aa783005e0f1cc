"""Rows of ``applications``: which credit paid which invoice, in the order it was done."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text

from services.customers.domain.ledger import Application
from services.customers.storage.columns import columns
from shared.database.engine import Transaction

_PUT = text(
    """
    INSERT INTO applications (
        customer_id, seq, place, credit_kind, credit_id, invoice_id, amount, currency, applied_on)
    SELECT * FROM unnest(
        CAST(:customer_id AS text[]), CAST(:seq AS bigint[]), CAST(:place AS integer[]),
        CAST(:credit_kind AS text[]), CAST(:credit_id AS text[]), CAST(:invoice_id AS text[]),
        CAST(:amount AS numeric[]), CAST(:currency AS text[]), CAST(:applied_on AS date[]))
    """
)
_ALL = text(
    """
    SELECT credit_kind, credit_id, invoice_id, amount, currency, applied_on FROM applications
    WHERE customer_id = :customer_id ORDER BY seq, place
    """
)


async def put_applications(connection: Transaction, made: Sequence[tuple[str, int, tuple[Application, ...]]]) -> None:
    """Enter what events applied: (customer id, seq of the event, applications)."""
    rows = [
        (
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
        for customer_id, seq, applications in made
        for place, one in enumerate(applications)
    ]
    names = "customer_id seq place credit_kind credit_id invoice_id amount currency applied_on"
    if rows:
        await connection.execute(_PUT, columns(names, rows))


async def all_applications(connection: Transaction, customer_id: str) -> list[Application]:
    """Every application of a customer, in the order made."""
    return [_application_of(row) for row in await connection.execute(_ALL, {"customer_id": customer_id})]


def _application_of(row: Row[Any]) -> Application:
    return Application(row.credit_kind, row.credit_id, row.invoice_id, row.amount, row.currency, row.applied_on)
