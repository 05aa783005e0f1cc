"""Payments with their refunds, and credit notes, as heard: written for many customers at once."""

from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.change import Change
from services.segmenter.domain.facts import Attempt
from services.segmenter.storage.bulk import Bulk

_PAYMENTS = Bulk(
    """
    INSERT INTO payments
        (customer_id, payment_id, status, amount, currency, occurred_at, occurred_on, allocations, seq)
    SELECT customer_id, payment_id, status, amount, currency, occurred_at, occurred_on, allocations::jsonb, seq
    FROM {rows}
    """,
    customer_id="text",
    payment_id="text",
    status="text",
    amount="numeric",
    currency="text",
    occurred_at="timestamptz",
    occurred_on="date",
    allocations="text",
    seq="bigint",
)
_REFUNDS = Bulk(
    "INSERT INTO refunds (customer_id, payment_id, refund_id, amount, refunded_on, seq) SELECT * FROM {rows}",
    customer_id="text",
    payment_id="text",
    refund_id="text",
    amount="numeric",
    refunded_on="date",
    seq="bigint",
)
_REFUNDED = Bulk(
    """
    UPDATE payments p SET refunded = p.refunded + n.amount
    FROM (SELECT customer_id, payment_id, sum(amount) AS amount FROM {rows} GROUP BY customer_id, payment_id) AS n
    WHERE (p.customer_id, p.payment_id) = (n.customer_id, n.payment_id)
    """,
    customer_id="text",
    payment_id="text",
    amount="numeric",
)
_CREDIT_NOTES = Bulk(
    """
    INSERT INTO credit_notes (customer_id, credit_note_id, kind, amount, currency, issued_on, invoice_id, seq)
    SELECT * FROM {rows}
    """,
    customer_id="text",
    credit_note_id="text",
    kind="text",
    amount="numeric",
    currency="text",
    issued_on="date",
    invoice_id="text",
    seq="bigint",
)


async def write_credits(connection: AsyncConnection, ordered: list[tuple[str, Change]]) -> None:
    """Write new payments, refunds and credit notes of customers in order."""
    await _PAYMENTS.write(connection, [_payment(i, a, seq) for i, c in ordered for a, seq in c.attempts])
    refunds = [(i, refund, seq) for i, change in ordered for refund, seq in change.refunds]
    await _REFUNDS.write(
        connection, [(i, r.payment_id, r.refund_id, r.amount, r.refunded_on, seq) for i, r, seq in refunds]
    )
    await _REFUNDED.write(connection, [(i, r.payment_id, r.amount) for i, r, _ in refunds])
    notes = [
        (i, n.credit_note_id, n.kind, n.amount.amount, n.amount.currency, n.issued_on, n.invoice_id, seq)
        for i, change in ordered
        for n, seq in change.credit_notes
    ]
    await _CREDIT_NOTES.write(connection, notes)


def _payment(customer_id: str, attempt: Attempt, seq: int) -> tuple[Any, ...]:
    status = "succeeded" if attempt.succeeded else "failed"
    money = attempt.amount
    when = (attempt.occurred_at, attempt.occurred_on)
    wanted = _allocations(attempt.allocations)
    return customer_id, attempt.payment_id, status, money.amount, money.currency, *when, wanted, seq


def _allocations(wanted: tuple[tuple[str, Decimal], ...]) -> str | None:
    """What a payment is said to be for, in order; most say nothing."""
    return msgspec.json.encode(wanted).decode() if wanted else None
