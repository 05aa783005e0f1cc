"""Behaviour rows and their day rows, read and written for many customers at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.behaviour import Behaviour, Day
from services.segmenter.storage.bulk import Bulk

_FIELDS = ", ".join(Behaviour._fields)
_LOAD = text(f"SELECT customer_id, {_FIELDS} FROM behaviour WHERE customer_id = ANY(CAST(:ids AS text[]))")
_SAVE = Bulk(
    """
    UPDATE behaviour b SET
        failed_payments = n.failed_payments, successful_payments = n.successful_payments,
        invoices_issued = n.invoices_issued, amount_paid = n.amount_paid, paid_down = n.paid_down,
        lateness = n.lateness, total_balance = n.total_balance,
        unapplied_credit = n.unapplied_credit, consecutive_failed_payments = n.consecutive_failed_payments,
        last_attempt_at = n.last_attempt_at, last_attempt_id = n.last_attempt_id,
        last_payment_on = n.last_payment_on, last_failed_payment_on = n.last_failed_payment_on,
        first_payment_on = n.first_payment_on, last_activity_on = n.last_activity_on,
        last_invoice_on = n.last_invoice_on, paid_months = CAST(n.paid_months AS date[])
    FROM {rows} WHERE b.customer_id = n.customer_id
    """,
    customer_id="text",
    failed_payments="integer",
    successful_payments="integer",
    invoices_issued="integer",
    amount_paid="numeric",
    paid_down="numeric",
    lateness="numeric",
    total_balance="numeric",
    unapplied_credit="numeric",
    consecutive_failed_payments="integer",
    last_attempt_at="timestamptz",
    last_attempt_id="text",
    last_payment_on="date",
    last_failed_payment_on="date",
    first_payment_on="date",
    last_activity_on="date",
    last_invoice_on="date",
    paid_months="text",
)
_SAVE_DAYS = Bulk(
    """
    INSERT INTO days
        (customer_id, day, failed_payments, successful_payments, invoices_issued, amount_paid, paid_down, lateness)
    SELECT * FROM {rows}
    ON CONFLICT (customer_id, day) DO UPDATE SET
        failed_payments = excluded.failed_payments, successful_payments = excluded.successful_payments,
        invoices_issued = excluded.invoices_issued, amount_paid = excluded.amount_paid, paid_down = excluded.paid_down,
        lateness = excluded.lateness
    """,
    customer_id="text",
    day="date",
    failed_payments="integer",
    successful_payments="integer",
    invoices_issued="integer",
    amount_paid="numeric",
    paid_down="numeric",
    lateness="numeric",
)


async def load(connection: AsyncConnection, ids: Iterable[str]) -> dict[str, Behaviour]:
    """The behaviour of known customers."""
    rows = await connection.execute(_LOAD, {"ids": sorted(ids)})
    return {customer_id: Behaviour._make((*values, tuple(months))) for customer_id, *values, months in rows}


async def save(connection: AsyncConnection, found: Mapping[str, Behaviour]) -> None:
    """Replace the behaviour of customers."""
    await _SAVE.write(connection, [_row(customer_id, behaviour) for customer_id, behaviour in sorted(found.items())])


async def save_days(connection: AsyncConnection, found: Mapping[str, Sequence[Day]]) -> None:
    """Write the day rows of customers; a day already there is replaced."""
    rows = [(customer_id, *day) for customer_id, days in sorted(found.items()) for day in days]
    await _SAVE_DAYS.write(connection, rows)


def _row(customer_id: str, behaviour: Behaviour) -> tuple[Any, ...]:
    *values, months = behaviour
    return customer_id, *values, _array(months)


def _array(months: Sequence[date]) -> str:
    """An array as text, for ``unnest`` would flatten an array of arrays."""
    return "{" + ",".join(month.isoformat() for month in months) + "}"
