"""Behaviour and day rows of customers computed anew from all their facts, for when adding up does not hold.

It says in SQL what ``domain/behaviour.py`` says of facts in order; a test holds the two against each other.
"""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.behaviour import MONTHS_KEPT

_FORGET_DAYS = text("DELETE FROM days WHERE customer_id = ANY(CAST(:ids AS text[]))")
_DAYS = text(
    """
    INSERT INTO days (customer_id, day, failed_payments, successful_payments, invoices_issued, amount_paid)
    SELECT customer_id, day, sum(failed) OVER upto, sum(succeeded) OVER upto, sum(issued) OVER upto, sum(paid) OVER upto
    FROM (
        SELECT customer_id, day, sum(failed) AS failed, sum(succeeded) AS succeeded, sum(issued) AS issued,
            sum(paid) AS paid
        FROM (
            SELECT p.customer_id, p.occurred_on AS day, (p.status = 'failed')::int AS failed,
                (p.status = 'succeeded')::int AS succeeded, 0 AS issued,
                CASE WHEN p.status = 'succeeded' AND p.currency = c.currency THEN p.amount ELSE 0 END AS paid
            FROM payments p JOIN customers c USING (customer_id)
            WHERE p.customer_id = ANY(CAST(:ids AS text[]))
            UNION ALL
            SELECT customer_id, issued_on, 0, 0, 1, 0 FROM invoices WHERE customer_id = ANY(CAST(:ids AS text[]))
        ) AS happened
        GROUP BY customer_id, day
    ) AS by_day
    WINDOW upto AS (PARTITION BY customer_id ORDER BY day)
    ORDER BY customer_id, day
    """
)
_BEHAVIOUR = text(
    """
    UPDATE behaviour b SET
        failed_payments = p.failed, successful_payments = p.succeeded, invoices_issued = i.issued,
        amount_paid = p.paid, total_balance = i.balance, unapplied_credit = p.unapplied,
        consecutive_failed_payments = s.failed, last_attempt_at = l.occurred_at, last_attempt_id = l.payment_id,
        last_payment_on = p.paid_on, last_failed_payment_on = p.failed_on, first_payment_on = p.first_paid_on,
        last_activity_on = greatest(p.attempted_on, i.issued_on), last_invoice_on = i.issued_on,
        paid_months = m.months
    FROM customers c
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE status = 'failed') AS failed,
            count(*) FILTER (WHERE status = 'succeeded') AS succeeded,
            coalesce(sum(amount) FILTER (WHERE status = 'succeeded' AND currency = c.currency), 0) AS paid,
            coalesce(sum(amount - applied) FILTER (WHERE status = 'succeeded' AND currency = c.currency), 0)
                AS unapplied,
            max(occurred_on) AS attempted_on,
            max(occurred_on) FILTER (WHERE status = 'succeeded') AS paid_on,
            max(occurred_on) FILTER (WHERE status = 'failed') AS failed_on,
            min(occurred_on) FILTER (WHERE status = 'succeeded') AS first_paid_on
        FROM payments WHERE customer_id = c.customer_id) AS p
    CROSS JOIN LATERAL (
        SELECT count(*) AS issued, max(issued_on) AS issued_on,
            coalesce(sum(balance) FILTER (WHERE currency = c.currency), 0) AS balance
        FROM invoices WHERE customer_id = c.customer_id) AS i
    CROSS JOIN LATERAL (
        SELECT array(
            SELECT month FROM (
                SELECT DISTINCT date_trunc('month', occurred_on::timestamp)::date AS month
                FROM payments WHERE customer_id = c.customer_id AND status = 'succeeded'
                ORDER BY month DESC LIMIT :months_kept) AS latest
            ORDER BY month) AS months) AS m
    LEFT JOIN LATERAL (
        SELECT occurred_at, payment_id FROM payments WHERE customer_id = c.customer_id
        ORDER BY occurred_at DESC, payment_id DESC LIMIT 1) AS l ON true
    LEFT JOIN LATERAL (
        SELECT occurred_at, payment_id FROM payments WHERE customer_id = c.customer_id AND status = 'succeeded'
        ORDER BY occurred_at DESC, payment_id DESC LIMIT 1) AS lp ON true
    CROSS JOIN LATERAL (
        SELECT count(*) AS failed FROM payments
        WHERE customer_id = c.customer_id AND status = 'failed'
            AND (lp.payment_id IS NULL OR (occurred_at, payment_id) > (lp.occurred_at, lp.payment_id))) AS s
    WHERE b.customer_id = c.customer_id AND c.customer_id = ANY(CAST(:ids AS text[]))
    """
)


async def recompute(connection: AsyncConnection, ids: Iterable[str]) -> None:
    """Replace behaviour and day rows of customers, whose rows are locked, by what their facts say."""
    given = {"ids": sorted(ids)}
    if given["ids"]:
        await connection.execute(_FORGET_DAYS, given)
        await connection.execute(_DAYS, given)
        await connection.execute(_BEHAVIOUR, {**given, "months_kept": MONTHS_KEPT})
