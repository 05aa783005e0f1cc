"""Rows of ``payments``: the facts, and in the same rows what is left of each unapplied."""

from collections.abc import Collection, Iterable
from typing import Any

import msgspec
from sqlalchemy import Row, text

from services.customers.domain.payment import Allocation, KeptPayment, Payment
from services.customers.storage.bulk import arrays, insert
from shared.basics.ledger.values import Credit
from shared.basics.money import Money
from shared.database.engine import Transaction
from shared.database.writing import Write

COLUMNS = """
    customer_id, payment_id, status, amount, currency, occurred_at, occurred_on, method, failure_reason,
    CAST(allocations AS text) AS allocations, unapplied, seq,
    (
        SELECT coalesce(sum(refunds.amount), 0) FROM refunds
        WHERE refunds.customer_id = payments.customer_id AND refunds.payment_id = payments.payment_id
    ) AS refunded
"""
_COLUMNS = {
    "customer_id": "text",
    "payment_id": "text",
    "status": "text",
    "amount": "numeric",
    "currency": "text",
    "occurred_at": "timestamptz",
    "occurred_on": "date",
    "method": "text",
    "failure_reason": "text",
    "allocations": "jsonb",
    "unapplied": "numeric",
    "seq": "bigint",
}
_NAME = {"customer_id": "text", "payment_id": "text"}
_NAMED = text(
    f"""
    SELECT {COLUMNS} FROM payments
    WHERE (customer_id, payment_id)
        IN (SELECT * FROM unnest(CAST(:customer_id AS text[]), CAST(:payment_id AS text[])))
    """
)
_ALL = text(f"SELECT {COLUMNS} FROM payments WHERE customer_id = ANY(:ids) ORDER BY customer_id, payment_id")
_RECENT = text(
    f"""
    SELECT {COLUMNS} FROM payments WHERE customer_id = :customer_id
    ORDER BY occurred_at DESC, payment_id DESC LIMIT :limit
    """
)
_PAGE = text(
    f"""
    SELECT {COLUMNS} FROM payments WHERE customer_id = :customer_id AND payment_id > :after
    ORDER BY payment_id LIMIT :limit
    """
)
_INSERT = insert("payments", _COLUMNS)


def payment_of(row: Row[Any]) -> Payment:
    """A row with ``COLUMNS`` as the fact it holds."""
    return Payment(
        customer_id=row.customer_id,
        payment_id=row.payment_id,
        status=row.status,
        amount=Money(row.amount, row.currency),
        occurred_at=row.occurred_at,
        occurred_on=row.occurred_on,
        method=row.method,
        failure_reason=row.failure_reason,
        allocations=msgspec.json.decode(row.allocations, type=tuple[Allocation, ...]),
    )


def credit_of(row: Row[Any]) -> Credit:
    """How the ledger sees a row."""
    return Credit("payment", row.payment_id, row.currency, row.occurred_on, row.unapplied)


def _kept(row: Row[Any]) -> KeptPayment:
    return KeptPayment(payment_of(row), row.seq, credit_of(row), row.refunded)


async def named_payments(connection: Transaction, names: Collection[tuple[str, str]]) -> list[KeptPayment]:
    """Those payments that exist, by (customer, payment) ids."""
    if not names:
        return []
    rows = await connection.execute(_NAMED, arrays(_NAME, names))
    return [_kept(row) for row in rows]


async def page_of_payments(connection: Transaction, customer_id: str, after: str, limit: int) -> list[KeptPayment]:
    """A customer's payments in order of id."""
    rows = await connection.execute(_PAGE, {"customer_id": customer_id, "after": after, "limit": limit})
    return [_kept(row) for row in rows]


async def all_payments(connection: Transaction, ids: Collection[str]) -> list[KeptPayment]:
    """Every payment of the customers, each one's in order of id."""
    return [_kept(row) for row in await connection.execute(_ALL, {"ids": list(ids)})]


async def recent_payments(connection: Transaction, customer_id: str, limit: int) -> list[KeptPayment]:
    """A customer's payments, the latest first."""
    rows = await connection.execute(_RECENT, {"customer_id": customer_id, "limit": limit})
    return [_kept(row) for row in rows]


def enter_payments(payments: Iterable[KeptPayment]) -> list[Write]:
    """Store new payments, each with what is left of it."""
    ordered = sorted(payments, key=lambda one: (one.payment.customer_id, one.payment.payment_id))
    return _INSERT.of([_row(one) for one in ordered])


def _row(kept: KeptPayment) -> tuple[Any, ...]:
    payment = kept.payment
    return (
        payment.customer_id,
        payment.payment_id,
        payment.status,
        payment.amount.amount,
        payment.amount.currency,
        payment.occurred_at,
        payment.occurred_on,
        payment.method,
        payment.failure_reason,
        msgspec.json.encode(payment.allocations).decode(),
        kept.credit.left,
        kept.seq,
    )
