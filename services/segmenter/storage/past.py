"""One customer as it was on a past day: the facts dated that day or earlier stand in the place of those known now.

A statement that begins with ``Past.with_sql`` reads them under the names of the tables, so the expressions of the
present answer for the past as well. Balances and applications come from the ledger, which takes the money facts of
the day in the order received; attributes, the status of subscriptions and bounces are those of now. Source: meaning.md,
rule 6.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.storage.applied_sql import credited, in_time
from services.segmenter.storage.past_entries import load_entries
from services.segmenter.storage.recompute import BEHAVIOUR, DAYS
from shared.basics.ledger.book import Book
from shared.basics.ledger.replay import replay
from shared.basics.ledger.values import application

_WITH = f"""
WITH customers AS (SELECT * FROM customers WHERE customer_id = :past_id), applications AS (
    SELECT CAST(:past_id AS text) AS customer_id, n.*
    FROM unnest(CAST(:past_applied_to AS text[]), CAST(:past_credit_kinds AS text[]), CAST(:past_credits AS text[]),
        CAST(:past_amounts AS numeric[]), CAST(:past_currencies AS text[]), CAST(:past_applied_on AS date[]))
        AS n (invoice_id, credit_kind, credit_id, amount, currency, applied_on)
), invoices AS (
    SELECT i.customer_id, i.invoice_id, i.issued_on, i.due_on, i.amount, i.currency, i.product, i.product_folded,
        n.balance, n.balance > 0 AS is_open, CASE WHEN i.voided_on <= CAST(:as_of AS date) THEN i.voided_on END
            AS voided_on, {credited("i")} AS credited, {in_time("i", "i.due_on")} AS in_time
    FROM invoices i
    JOIN unnest(CAST(:past_invoices AS text[]), CAST(:past_balances AS numeric[])) AS n (invoice_id, balance)
        USING (invoice_id)
    WHERE i.customer_id = :past_id
), refunds AS (
    SELECT * FROM refunds WHERE customer_id = :past_id AND refunded_on <= CAST(:as_of AS date)
), payments AS (
    SELECT p.customer_id, p.payment_id, p.status, p.amount, p.currency, p.occurred_at, p.occurred_on,
        coalesce((SELECT sum(r.amount) FROM refunds r WHERE r.payment_id = p.payment_id), 0) AS refunded
    FROM payments p WHERE p.customer_id = :past_id AND p.occurred_on <= CAST(:as_of AS date)
), credit_notes AS (
    SELECT * FROM credit_notes WHERE customer_id = :past_id AND issued_on <= CAST(:as_of AS date)
), promises AS (
    SELECT * FROM promises WHERE customer_id = :past_id AND made_on <= CAST(:as_of AS date)
), disputes AS (
    SELECT customer_id, opened_on, CASE WHEN closed_on <= CAST(:as_of AS date) THEN closed_on END AS closed_on
    FROM disputes WHERE customer_id = :past_id AND opened_on <= CAST(:as_of AS date)
), subscriptions AS (
    SELECT customer_id, product, product_folded, status, started_on, ended_on,
        ARRAY(SELECT u.day FROM unnest(changed_on) AS u (day) WHERE u.day <= CAST(:as_of AS date)) AS changed_on
    FROM subscriptions WHERE customer_id = :past_id
), days AS ({DAYS}), behaviour AS ({BEHAVIOUR})
"""


@dataclass(frozen=True)
class Past:
    """What a statement over one customer begins with, and its parameters beside ``:as_of``; empty for the present."""

    with_sql: str = ""
    params: dict[str, Any] = field(default_factory=dict)


NOW = Past()


async def past_book(connection: AsyncConnection, customer_id: str, as_of: date) -> Book:
    """A customer's books at the end of a day."""
    return replay(await load_entries(connection, customer_id), as_of)


async def as_it_was(connection: AsyncConnection, customer_id: str, as_of: date) -> Past:
    """What puts a customer back into a past day."""
    book = await past_book(connection, customer_id, as_of)
    parts = list(_standing(book))
    columns = zip(*parts, strict=True) if parts else iter([()] * 6)
    names = ("applied_to", "credit_kinds", "credits", "amounts", "currencies", "applied_on")
    applied = {f"past_{name}": list(column) for name, column in zip(names, columns, strict=True)}
    params = {
        "ids": [customer_id],
        "past_id": customer_id,
        "past_invoices": list(book.debts),
        "past_balances": [debt.balance for debt in book.debts.values()],
    }
    return Past(_WITH, {**params, **applied})


def _standing(book: Book) -> Iterator[tuple[str, str, str, Decimal, str, date]]:
    for key, parts in book.paid.items():
        for invoice_id, amount in parts.items():
            made = application(book.credits[key], book.debts[invoice_id], amount)
            yield invoice_id, made.credit_kind, made.credit_id, amount, made.currency, made.applied_on
