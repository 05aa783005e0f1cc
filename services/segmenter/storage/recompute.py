"""Behaviour and day rows of customers computed anew from all their facts, for when adding up does not hold.

It says in SQL what ``domain/behaviour.py`` says of facts in order; a test holds the two against each other. The two
queries read tables by their bare names, so that ``storage/past.py`` can put the facts of a past day in their place.
"""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.behaviour import MONTHS_KEPT

STANDS = "p.status = 'succeeded' AND p.refunded < p.amount"
"""Whether a payment ``p`` is a successful one: of it something is left. Source: meaning.md 9."""

DAYS = f"""
SELECT customer_id, day, sum(failed) OVER upto AS failed_payments, sum(succeeded) OVER upto AS successful_payments,
    sum(issued) OVER upto AS invoices_issued, sum(paid) OVER upto AS amount_paid, sum(part) OVER upto AS paid_down,
    sum(late) OVER upto AS lateness
FROM (
    SELECT customer_id, day, sum(failed) AS failed, sum(succeeded) AS succeeded, sum(issued) AS issued,
        sum(paid) AS paid, sum(part) AS part, sum(late) AS late
    FROM (
        SELECT p.customer_id, p.occurred_on AS day, (p.status = 'failed')::int AS failed, ({STANDS})::int AS succeeded,
            0 AS issued,
            CASE WHEN {STANDS} AND p.currency = c.currency THEN p.amount - p.refunded ELSE 0 END AS paid,
            0 AS part, 0 AS late
        FROM payments p JOIN customers c USING (customer_id)
        WHERE p.customer_id = ANY(CAST(:ids AS text[]))
        UNION ALL
        SELECT customer_id, issued_on, 0, 0, 1, 0, 0, 0 FROM invoices
        WHERE customer_id = ANY(CAST(:ids AS text[])) AND voided_on IS NULL
        UNION ALL
        SELECT a.customer_id, a.applied_on, 0, 0, 0, 0, a.amount, a.amount * (a.applied_on - i.due_on)
        FROM applications a JOIN invoices i USING (customer_id, invoice_id)
            JOIN customers c ON c.customer_id = a.customer_id AND c.currency = a.currency AND a.credit_kind = 'payment'
        WHERE a.customer_id = ANY(CAST(:ids AS text[]))
    ) AS happened
    GROUP BY customer_id, day
) AS by_day
WINDOW upto AS (PARTITION BY customer_id ORDER BY day)
"""
BEHAVIOUR = f"""
SELECT c.customer_id, p.failed AS failed_payments, p.succeeded AS successful_payments, i.issued AS invoices_issued,
    p.paid AS amount_paid, t.part AS paid_down, t.late AS lateness, i.balance AS total_balance,
    p.paid + n.credited - a.applied AS unapplied_credit,
    s.failed AS consecutive_failed_payments, l.occurred_at AS last_attempt_at, l.payment_id AS last_attempt_id,
    p.paid_on AS last_payment_on, p.failed_on AS last_failed_payment_on, p.first_paid_on AS first_payment_on,
    greatest(p.attempted_on, i.issued_on) AS last_activity_on, i.issued_on AS last_invoice_on,
    m.months AS paid_months,
    EXISTS (SELECT FROM subscriptions o WHERE o.customer_id = c.customer_id) AS has_subscriptions,
    EXISTS (SELECT FROM promises o WHERE o.customer_id = c.customer_id) AS has_promises
FROM customers c
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE p.status = 'failed') AS failed, count(*) FILTER (WHERE {STANDS}) AS succeeded,
        coalesce(sum(p.amount - p.refunded) FILTER (WHERE {STANDS} AND p.currency = c.currency), 0) AS paid,
        max(p.occurred_on) AS attempted_on, max(p.occurred_on) FILTER (WHERE {STANDS}) AS paid_on,
        max(p.occurred_on) FILTER (WHERE p.status = 'failed') AS failed_on,
        min(p.occurred_on) FILTER (WHERE {STANDS}) AS first_paid_on
    FROM payments p WHERE p.customer_id = c.customer_id) AS p
CROSS JOIN LATERAL (
    SELECT count(*) AS issued, max(issued_on) AS issued_on,
        coalesce(sum(balance) FILTER (WHERE currency = c.currency), 0) AS balance
    FROM invoices WHERE customer_id = c.customer_id AND voided_on IS NULL) AS i
CROSS JOIN LATERAL (
    SELECT coalesce(sum(amount), 0) AS credited FROM credit_notes
    WHERE customer_id = c.customer_id AND kind = 'credit' AND currency = c.currency) AS n
CROSS JOIN LATERAL (
    SELECT coalesce(sum(amount), 0) AS applied FROM applications
    WHERE customer_id = c.customer_id AND credit_kind <> 'write_off' AND currency = c.currency) AS a
CROSS JOIN LATERAL (
    SELECT coalesce(sum(a.amount), 0) AS part, coalesce(sum(a.amount * (a.applied_on - i.due_on)), 0) AS late
    FROM applications a JOIN invoices i USING (customer_id, invoice_id)
    WHERE a.customer_id = c.customer_id AND a.credit_kind = 'payment' AND a.currency = c.currency) AS t
CROSS JOIN LATERAL (
    SELECT array(
        SELECT month FROM (
            SELECT DISTINCT date_trunc('month', p.occurred_on::timestamp)::date AS month
            FROM payments p WHERE p.customer_id = c.customer_id AND {STANDS}
            ORDER BY month DESC LIMIT {MONTHS_KEPT}) AS latest
        ORDER BY month) AS months) AS m
LEFT JOIN LATERAL (
    SELECT occurred_at, payment_id FROM payments WHERE customer_id = c.customer_id
    ORDER BY occurred_at DESC, payment_id DESC LIMIT 1) AS l ON true
LEFT JOIN LATERAL (
    SELECT p.occurred_at, p.payment_id FROM payments p WHERE p.customer_id = c.customer_id AND {STANDS}
    ORDER BY p.occurred_at DESC, p.payment_id DESC LIMIT 1) AS lp ON true
CROSS JOIN LATERAL (
    SELECT count(*) AS failed FROM payments
    WHERE customer_id = c.customer_id AND status = 'failed'
        AND (lp.payment_id IS NULL OR (occurred_at, payment_id) > (lp.occurred_at, lp.payment_id))) AS s
WHERE c.customer_id = ANY(CAST(:ids AS text[]))
"""
_COUNTED = (
    "failed_payments",
    "successful_payments",
    "invoices_issued",
    "amount_paid",
    "paid_down",
    "lateness",
    "total_balance",
    "unapplied_credit",
    "consecutive_failed_payments",
    "last_attempt_at",
    "last_attempt_id",
    "last_payment_on",
    "last_failed_payment_on",
    "first_payment_on",
    "last_activity_on",
    "last_invoice_on",
    "paid_months",
    "has_subscriptions",
    "has_promises",
)
_FORGET_DAYS = text("DELETE FROM days WHERE customer_id = ANY(CAST(:ids AS text[]))")
_KEEP_DAYS = text(
    f"""
    INSERT INTO days
        (customer_id, day, failed_payments, successful_payments, invoices_issued, amount_paid, paid_down, lateness)
    {DAYS} ORDER BY customer_id, day
    """
)
_KEEP_BEHAVIOUR = text(
    f"""
    UPDATE behaviour b SET {", ".join(f"{name} = n.{name}" for name in _COUNTED)}
    FROM ({BEHAVIOUR}) AS n WHERE b.customer_id = n.customer_id
    """
)


async def recompute(connection: AsyncConnection, ids: Iterable[str]) -> None:
    """Replace behaviour and day rows of customers, whose rows are locked, by what their facts say."""
    given = {"ids": sorted(ids)}
    if given["ids"]:
        await connection.execute(_FORGET_DAYS, given)
        await connection.execute(_KEEP_DAYS, given)
        await connection.execute(_KEEP_BEHAVIOUR, given)
