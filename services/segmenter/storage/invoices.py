"""Invoices as heard, with every due date they had, and which part of which credit stands applied to them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.change import Change, OpenedInvoice
from services.segmenter.domain.facts import Invoice
from services.segmenter.storage.applied_sql import credited, in_time
from services.segmenter.storage.bulk import Bulk
from shared.basics.money import ZERO
from shared.basics.text import fold

_ISSUED = Bulk(
    """
    INSERT INTO invoices (customer_id, invoice_id, issued_on, due_on, first_due_on, amount, currency, product,
        product_folded, seq, balance, is_open, credited, in_time)
    SELECT *, balance > 0, {credited}, {in_time} FROM {rows}
    """.replace("{credited}", credited("n")).replace("{in_time}", in_time("n", "n.due_on")),
    customer_id="text",
    invoice_id="text",
    issued_on="date",
    due_on="date",
    first_due_on="date",
    amount="numeric",
    currency="text",
    product="text",
    product_folded="text",
    seq="bigint",
    balance="numeric",
)
_CHANGED = Bulk(
    """
    UPDATE invoices i SET due_on = n.due_on, product = n.product, product_folded = n.product_folded,
        in_time = {in_time}
    FROM {rows} WHERE (i.customer_id, i.invoice_id) = (n.customer_id, n.invoice_id)
    """.replace("{in_time}", in_time("n", "n.due_on")),
    customer_id="text",
    invoice_id="text",
    due_on="date",
    product="text",
    product_folded="text",
)
_DUE_DATES = Bulk(
    "INSERT INTO due_dates (customer_id, invoice_id, seq, due_on) SELECT * FROM {rows}",
    customer_id="text",
    invoice_id="text",
    seq="bigint",
    due_on="date",
)
_VOIDED = Bulk(
    """
    UPDATE invoices i SET voided_on = n.voided_on, voided_seq = n.seq, balance = 0, is_open = false
    FROM {rows} WHERE (i.customer_id, i.invoice_id) = (n.customer_id, n.invoice_id)
    """,
    customer_id="text",
    invoice_id="text",
    voided_on="date",
    seq="bigint",
)
_BALANCES = Bulk(
    """
    UPDATE invoices i SET balance = n.balance, is_open = n.balance > 0, credited = {credited}, in_time = {in_time}
    FROM {rows} WHERE (i.customer_id, i.invoice_id) = (n.customer_id, n.invoice_id)
    """.replace("{credited}", credited("n")).replace("{in_time}", in_time("n", "i.due_on")),
    customer_id="text",
    invoice_id="text",
    balance="numeric",
)
_APPLIED = Bulk(
    """
    INSERT INTO applications AS a (customer_id, invoice_id, credit_kind, credit_id, amount, currency, applied_on)
    SELECT * FROM {rows}
    ON CONFLICT (customer_id, invoice_id, credit_kind, credit_id) DO UPDATE SET amount = a.amount + excluded.amount
    """,
    customer_id="text",
    invoice_id="text",
    credit_kind="text",
    credit_id="text",
    amount="numeric",
    currency="text",
    applied_on="date",
)
_DUES = text(
    """
    SELECT customer_id, invoice_id, i.due_on
    FROM unnest(CAST(:customer_ids AS text[]), CAST(:invoice_ids AS text[])) AS n (customer_id, invoice_id)
    JOIN invoices i USING (customer_id, invoice_id)
    """
)
_TAKEN_BACK = text("DELETE FROM applications WHERE customer_id = ANY(CAST(:ids AS text[])) AND amount = 0")


async def write_invoices(connection: AsyncConnection, ordered: list[tuple[str, Change]]) -> None:
    """Write new invoices and what changed of known ones, of customers in order; applications are written before."""
    await _ISSUED.write(connection, [_issued(i, opened) for i, c in ordered for _, opened in sorted(c.issued.items())])
    changed = [(i, name, t.due_on, *_product(t)) for i, c in ordered for name, t in sorted(c.changed.items())]
    await _CHANGED.write(connection, changed)
    await _DUE_DATES.write(connection, [(i, *due) for i, c in ordered for due in c.due_dates])
    await _BALANCES.write(connection, [(i, *left) for i, c in ordered for left in sorted(c.balances.items())])
    await _VOIDED.write(connection, [(i, name, *void) for i, c in ordered for name, void in sorted(c.voided.items())])


async def load_dues(connection: AsyncConnection, changes: Mapping[str, Change]) -> dict[str, dict[str, date]]:
    """When the invoices are due that payments paid, by customer and invoice."""
    pairs = sorted({(i, part.invoice_id) for i, change in changes.items() for part in change.paid_parts})
    found: dict[str, dict[str, date]] = {i: {} for i in changes}
    given = {"customer_ids": [i for i, _ in pairs], "invoice_ids": [name for _, name in pairs]}
    for row in await connection.execute(_DUES, given):
        found[row.customer_id][row.invoice_id] = row.due_on
    return found


async def write_applications(connection: AsyncConnection, ordered: list[tuple[str, Change]]) -> None:
    """Add to what stands applied; a pair of which all was taken back is dropped."""
    parts = [(i, part) for i, change in ordered for _, part in sorted(change.applications.items())]
    rows = [(i, *part.pair, part.amount.amount, part.amount.currency, part.applied_on) for i, part in parts]
    await _APPLIED.write(connection, rows)
    less = sorted({i for i, part in parts if part.amount.amount <= ZERO})
    if less:
        await connection.execute(_TAKEN_BACK, {"ids": less})


def _issued(customer_id: str, opened: OpenedInvoice) -> tuple[Any, ...]:
    terms = opened.terms
    dates = (terms.issued_on, terms.due_on, opened.first_due_on)
    money = (terms.amount.amount, terms.amount.currency)
    return customer_id, terms.invoice_id, *dates, *money, *_product(terms), opened.seq, opened.balance


def _product(terms: Invoice) -> tuple[str | None, str | None]:
    """The product as written and as searched; empty text is missing, and so is one of blanks."""
    return (terms.product, fold(terms.product)) if terms.product and terms.product.strip() else (None, None)
