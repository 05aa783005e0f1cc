"""Rows of ``refunds``."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Row, text

from services.customers.domain.refund import KeptRefund, Refund
from services.customers.storage.bulk import arrays, insert
from shared.basics.money import Money
from shared.database.engine import Transaction
from shared.database.writing import Write

_COLUMNS = {
    "customer_id": "text",
    "payment_id": "text",
    "refund_id": "text",
    "amount": "numeric",
    "currency": "text",
    "refunded_on": "date",
    "reason": "text",
    "seq": "bigint",
}
_NAME = {"customer_id": "text", "payment_id": "text", "refund_id": "text"}
_SHOWN = ", ".join(_COLUMNS)
_NAMED = text(
    f"""
    SELECT {_SHOWN} FROM refunds
    WHERE (customer_id, payment_id, refund_id) IN (
        SELECT * FROM unnest(CAST(:customer_id AS text[]), CAST(:payment_id AS text[]), CAST(:refund_id AS text[]))
    )
    """
)
_ALL = text(f"SELECT {_SHOWN} FROM refunds WHERE customer_id = ANY(:ids) ORDER BY customer_id, payment_id, refund_id")
_PAGE = text(
    f"""
    SELECT {_SHOWN} FROM refunds
    WHERE customer_id = :customer_id AND payment_id = :payment_id AND refund_id > :after
    ORDER BY refund_id LIMIT :limit
    """
)
_INSERT = insert("refunds", _COLUMNS)


def refund_of(row: Row[Any]) -> Refund:
    """A row as the fact it holds."""
    return Refund(
        customer_id=row.customer_id,
        payment_id=row.payment_id,
        refund_id=row.refund_id,
        amount=Money(row.amount, row.currency),
        refunded_on=row.refunded_on,
        reason=row.reason,
    )


async def named_refunds(connection: Transaction, names: Collection[tuple[str, str, str]]) -> list[Refund]:
    """Those refunds that exist, by (customer, payment, refund) ids."""
    if not names:
        return []
    return [refund_of(row) for row in await connection.execute(_NAMED, arrays(_NAME, names))]


async def page_of_refunds(
    connection: Transaction, customer_id: str, payment_id: str, after: str, limit: int
) -> list[Refund]:
    """A payment's refunds in order of id."""
    wanted = {"customer_id": customer_id, "payment_id": payment_id, "after": after, "limit": limit}
    return [refund_of(row) for row in await connection.execute(_PAGE, wanted)]


async def all_refunds(connection: Transaction, ids: Collection[str]) -> list[KeptRefund]:
    """Every refund of the customers, each one's in order of id."""
    rows = await connection.execute(_ALL, {"ids": list(ids)})
    return [KeptRefund(refund_of(row), row.seq) for row in rows]


def enter_refunds(refunds: Iterable[KeptRefund]) -> list[Write]:
    """Store new refunds."""
    rows = sorted((_row(one) for one in refunds), key=lambda row: row[: len(_NAME)])
    return _INSERT.of(rows)


def _row(kept: KeptRefund) -> tuple[Any, ...]:
    refund = kept.refund
    return (
        refund.customer_id,
        refund.payment_id,
        refund.refund_id,
        refund.amount.amount,
        refund.amount.currency,
        refund.refunded_on,
        refund.reason,
        kept.seq,
    )
