"""Payments and invoices as heard, written for many customers at once, in order of customer."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.change import Change
from services.segmenter.domain.facts import Invoice
from shared.basics.money import ZERO
from shared.basics.text import fold

_PAYMENTS = text(
    """
    INSERT INTO payments (customer_id, payment_id, status, amount, currency, occurred_at, occurred_on, applied)
    SELECT * FROM unnest(
        CAST(:customer_ids AS text[]), CAST(:ids AS text[]), CAST(:statuses AS text[]), CAST(:amounts AS numeric[]),
        CAST(:currencies AS text[]), CAST(:instants AS timestamptz[]), CAST(:dates AS date[]),
        CAST(:applied AS numeric[]))
    """
)
_APPLIED = text(
    """
    UPDATE payments p SET applied = p.applied + n.amount
    FROM unnest(CAST(:customer_ids AS text[]), CAST(:ids AS text[]), CAST(:amounts AS numeric[]))
        AS n (customer_id, payment_id, amount)
    WHERE (p.customer_id, p.payment_id) = (n.customer_id, n.payment_id)
    """
)
_ISSUED = text(
    """
    INSERT INTO invoices
        (customer_id, invoice_id, issued_on, due_on, amount, currency, product, product_folded, balance, is_open)
    SELECT *, balance > 0 FROM unnest(
        CAST(:customer_ids AS text[]), CAST(:ids AS text[]), CAST(:issued AS date[]), CAST(:due AS date[]),
        CAST(:amounts AS numeric[]), CAST(:currencies AS text[]), CAST(:products AS text[]), CAST(:folded AS text[]),
        CAST(:balances AS numeric[]))
        AS n (customer_id, id, issued_on, due_on, amount, currency, product, product_folded, balance)
    """
)
_CHANGED = text(
    """
    UPDATE invoices i SET due_on = n.due_on, product = n.product, product_folded = n.product_folded
    FROM unnest(
        CAST(:customer_ids AS text[]), CAST(:ids AS text[]), CAST(:due AS date[]), CAST(:products AS text[]),
        CAST(:folded AS text[])) AS n (customer_id, invoice_id, due_on, product, product_folded)
    WHERE (i.customer_id, i.invoice_id) = (n.customer_id, n.invoice_id)
    """
)
_BALANCES = text(
    """
    UPDATE invoices i SET balance = n.balance, is_open = n.balance > 0
    FROM unnest(CAST(:customer_ids AS text[]), CAST(:ids AS text[]), CAST(:balances AS numeric[]))
        AS n (customer_id, invoice_id, balance)
    WHERE (i.customer_id, i.invoice_id) = (n.customer_id, n.invoice_id)
    """
)
_FORGET = (
    text("DELETE FROM payments WHERE customer_id = ANY(CAST(:ids AS text[]))"),
    text("DELETE FROM invoices WHERE customer_id = ANY(CAST(:ids AS text[]))"),
)


async def write_facts(connection: AsyncConnection, changes: Mapping[str, Change]) -> None:
    """Write what the changes of customers say of payments and invoices."""
    ordered = sorted(changes.items())
    await _write_payments(connection, ordered)
    await _write_invoices(connection, ordered)


async def forget_facts(connection: AsyncConnection, ids: Iterable[str]) -> None:
    """Drop customers' payments and invoices, to be written anew."""
    given = {"ids": sorted(ids)}
    for statement in _FORGET:
        await connection.execute(statement, given)


async def _write_payments(connection: AsyncConnection, ordered: list[tuple[str, Change]]) -> None:
    new: list[tuple[Any, ...]] = []
    old: list[tuple[Any, ...]] = []
    for customer_id, change in ordered:
        applied = change.applied_by_payment()
        for a in change.attempts:
            status = "succeeded" if a.succeeded else "failed"
            of_it = applied.pop(a.payment_id, ZERO)
            amount = (a.amount.amount, a.amount.currency)
            new.append((customer_id, a.payment_id, status, *amount, a.occurred_at, a.occurred_on, of_it))
        old.extend((customer_id, payment_id, amount) for payment_id, amount in sorted(applied.items()))
    names = ("customer_ids", "ids", "statuses", "amounts", "currencies", "instants", "dates", "applied")
    await _write(connection, _PAYMENTS, names, new)
    await _write(connection, _APPLIED, ("customer_ids", "ids", "amounts"), old)


async def _write_invoices(connection: AsyncConnection, ordered: list[tuple[str, Change]]) -> None:
    issued = [
        (customer_id, *_terms(opened.terms), opened.balance)
        for customer_id, change in ordered
        for _, opened in sorted(change.issued.items())
    ]
    names = ("customer_ids", "ids", "issued", "due", "amounts", "currencies", "products", "folded", "balances")
    await _write(connection, _ISSUED, names, issued)
    changed = [
        (customer_id, i, t.due_on, *_product(t)) for customer_id, c in ordered for i, t in sorted(c.changed.items())
    ]
    await _write(connection, _CHANGED, ("customer_ids", "ids", "due", "products", "folded"), changed)
    balances: list[tuple[str, str, Decimal]] = [
        (customer_id, i, balance) for customer_id, c in ordered for i, balance in sorted(c.balances.items())
    ]
    await _write(connection, _BALANCES, ("customer_ids", "ids", "balances"), balances)


def _terms(terms: Invoice) -> tuple[Any, ...]:
    money = terms.amount
    return terms.invoice_id, terms.issued_on, terms.due_on, money.amount, money.currency, *_product(terms)


def _product(terms: Invoice) -> tuple[str | None, str | None]:
    """The product as written and as searched; empty text is missing."""
    return (terms.product, fold(terms.product)) if terms.product else (None, None)


async def _write(
    connection: AsyncConnection, statement: TextClause, names: tuple[str, ...], rows: list[tuple[Any, ...]]
) -> None:
    """One statement for all rows: each column goes as one array."""
    if rows:
        columns = zip(*rows, strict=True)
        await connection.execute(statement, dict(zip(names, map(list, columns), strict=True)))
