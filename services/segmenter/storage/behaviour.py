"""Behaviour rows and their day rows, read and written for many customers at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.behaviour import Behaviour, Day

_FIELDS = tuple(column.name for column in fields(Behaviour))
_LOAD = text(f"SELECT customer_id, {', '.join(_FIELDS)} FROM behaviour WHERE customer_id = ANY(CAST(:ids AS text[]))")
_SAVE = text(
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
    FROM unnest(
        CAST(:customer_id AS text[]), CAST(:failed_payments AS integer[]), CAST(:successful_payments AS integer[]),
        CAST(:invoices_issued AS integer[]), CAST(:amount_paid AS numeric[]), CAST(:paid_down AS numeric[]),
        CAST(:lateness AS numeric[]), CAST(:total_balance AS numeric[]),
        CAST(:unapplied_credit AS numeric[]), CAST(:consecutive_failed_payments AS integer[]),
        CAST(:last_attempt_at AS timestamptz[]), CAST(:last_attempt_id AS text[]), CAST(:last_payment_on AS date[]),
        CAST(:last_failed_payment_on AS date[]), CAST(:first_payment_on AS date[]), CAST(:last_activity_on AS date[]),
        CAST(:last_invoice_on AS date[]), CAST(:paid_months AS text[])) AS n (
        customer_id, failed_payments, successful_payments, invoices_issued, amount_paid, paid_down, lateness,
        total_balance, unapplied_credit, consecutive_failed_payments, last_attempt_at, last_attempt_id, last_payment_on,
        last_failed_payment_on, first_payment_on, last_activity_on, last_invoice_on, paid_months)
    WHERE b.customer_id = n.customer_id
    """
)
_SAVE_DAYS = text(
    """
    INSERT INTO days
        (customer_id, day, failed_payments, successful_payments, invoices_issued, amount_paid, paid_down, lateness)
    SELECT * FROM unnest(
        CAST(:customer_id AS text[]), CAST(:day AS date[]), CAST(:failed_payments AS integer[]),
        CAST(:successful_payments AS integer[]), CAST(:invoices_issued AS integer[]), CAST(:amount_paid AS numeric[]),
        CAST(:paid_down AS numeric[]), CAST(:lateness AS numeric[]))
    ON CONFLICT (customer_id, day) DO UPDATE SET
        failed_payments = excluded.failed_payments, successful_payments = excluded.successful_payments,
        invoices_issued = excluded.invoices_issued, amount_paid = excluded.amount_paid, paid_down = excluded.paid_down,
        lateness = excluded.lateness
    """
)


async def load(connection: AsyncConnection, ids: Iterable[str]) -> dict[str, Behaviour]:
    """The behaviour of known customers."""
    rows = await connection.execute(_LOAD, {"ids": sorted(ids)})
    return {row.customer_id: _behaviour(row._asdict()) for row in rows}


async def save(connection: AsyncConnection, found: Mapping[str, Behaviour]) -> None:
    """Replace the behaviour of customers."""
    if not found:
        return
    ids = sorted(found)
    columns: dict[str, Any] = {name: [getattr(found[i], name) for i in ids] for name in _FIELDS}
    months = [_array(found[i].paid_months) for i in ids]
    await connection.execute(_SAVE, {**columns, "customer_id": ids, "paid_months": months})


async def save_days(connection: AsyncConnection, found: Mapping[str, Sequence[Day]]) -> None:
    """Write the day rows of customers; a day already there is replaced."""
    rows = [(customer_id, day) for customer_id, days in sorted(found.items()) for day in days]
    if not rows:
        return
    columns: dict[str, Any] = {name.name: [getattr(day, name.name) for _, day in rows] for name in fields(Day)}
    await connection.execute(_SAVE_DAYS, {**columns, "customer_id": [customer_id for customer_id, _ in rows]})


def _behaviour(columns: dict[str, Any]) -> Behaviour:
    found = {name: columns[name] for name in _FIELDS}
    return Behaviour(**{**found, "paid_months": tuple(columns["paid_months"])})


def _array(months: Sequence[date]) -> str:
    """An array as text, for ``unnest`` would flatten an array of arrays."""
    return "{" + ",".join(month.isoformat() for month in months) + "}"
