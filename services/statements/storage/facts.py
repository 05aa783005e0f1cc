"""Customers' ledgers as heard, written for many customers at once, each table in order of customer id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from sqlalchemy import TextClause, text

from services.statements.domain.folding import Changes
from shared.basics.money import Money
from shared.database.engine import Transaction

One = TypeVar("One")


@dataclass(frozen=True)
class _Write:
    """A statement over arrays, one a column, in the order of the rows handed over."""

    statement: TextClause
    columns: tuple[str, ...]


def _write(sql: str, **types: str) -> _Write:
    arrays = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in types.items())
    rows = f"unnest({arrays}) AS n ({', '.join(types)})"
    return _Write(text(sql.format(columns=", ".join(types), rows=rows)), tuple(types))


_TERMS = _write(
    """
    INSERT INTO invoices AS i ({columns}, balance) SELECT *, amount FROM {rows}
    ON CONFLICT (customer_id, invoice_id) DO UPDATE SET number = excluded.number, due_on = excluded.due_on
    """,
    customer_id="text",
    invoice_id="text",
    number="text",
    issued_on="date",
    due_on="date",
    amount="numeric",
    currency="text",
    seq="bigint",
    first_due_on="date",
)
_DUE_CHANGES = _write(
    "INSERT INTO due_changes ({columns}) SELECT * FROM {rows}",
    customer_id="text",
    invoice_id="text",
    due_on="date",
    seq="bigint",
)
_VOIDS = _write(
    """
    UPDATE invoices i SET voided_on = n.voided_on, voided_seq = n.seq FROM {rows}
    WHERE (i.customer_id, i.invoice_id) = (n.customer_id, n.invoice_id)
    """,
    customer_id="text",
    invoice_id="text",
    voided_on="date",
    seq="bigint",
)
_BALANCES = _write(
    """
    UPDATE invoices i SET balance = n.balance, settled_on = n.settled_on FROM {rows}
    WHERE (i.customer_id, i.invoice_id) = (n.customer_id, n.invoice_id)
    """,
    customer_id="text",
    invoice_id="text",
    balance="numeric",
    settled_on="date",
)
_PAYMENTS = _write(
    """
    INSERT INTO payments ({columns})
    SELECT customer_id, payment_id, amount, currency, paid_on, seq, CAST(allocations AS jsonb) FROM {rows}
    """,
    customer_id="text",
    payment_id="text",
    amount="numeric",
    currency="text",
    paid_on="date",
    seq="bigint",
    allocations="text",
)
_REFUNDS = _write(
    "INSERT INTO refunds ({columns}) SELECT * FROM {rows}",
    customer_id="text",
    payment_id="text",
    refund_id="text",
    amount="numeric",
    currency="text",
    refunded_on="date",
    seq="bigint",
)
_CREDIT_NOTES = _write(
    "INSERT INTO credit_notes ({columns}) SELECT * FROM {rows}",
    customer_id="text",
    credit_note_id="text",
    kind="text",
    amount="numeric",
    currency="text",
    issued_on="date",
    invoice_id="text",
    seq="bigint",
)
_DISPUTES = _write(
    """
    INSERT INTO disputes ({columns}) SELECT * FROM {rows}
    ON CONFLICT (customer_id, dispute_id) DO UPDATE
        SET invoice_id = excluded.invoice_id, opened_on = excluded.opened_on, closed_on = excluded.closed_on
    """,
    customer_id="text",
    dispute_id="text",
    invoice_id="text",
    opened_on="date",
    closed_on="date",
)
_APPLIED = _write(
    """
    INSERT INTO net_applications AS a ({columns}) SELECT * FROM {rows}
    ON CONFLICT (customer_id, credit_kind, credit_id, invoice_id) DO UPDATE SET amount = a.amount + excluded.amount
    """,
    customer_id="text",
    credit_kind="text",
    credit_id="text",
    invoice_id="text",
    amount="numeric",
    currency="text",
    applied_on="date",
)
_TABLES = ("invoices", "due_changes", "payments", "refunds", "credit_notes", "disputes", "net_applications")
_FORGET = tuple(text(f"DELETE FROM {table} WHERE customer_id = :customer_id") for table in _TABLES)


async def write(connection: Transaction, changes: Changes) -> None:
    """Write everything that a batch changes of ledgers."""
    await _write_invoices(connection, changes)
    await _write_credits(connection, changes)
    disputes = [
        (owner, d.dispute_id, d.invoice_id, d.opened_on, d.closed_on) for owner, d in _ordered(changes.disputes)
    ]
    await _run(connection, _DISPUTES, disputes)
    applied = [(pair, changes.applied[pair]) for pair in sorted(changes.applied)]
    await _run(connection, _APPLIED, [(*pair, *_money(part.amount), part.applied_on) for pair, part in applied])


async def _write_invoices(connection: Transaction, changes: Changes) -> None:
    terms = [
        (owner, t.invoice_id, t.number, t.issued_on, t.due_on, *_money(t.amount), t.seq, t.first_due_on)
        for owner, t in _ordered(changes.terms)
    ]
    due_changes = sorted((owner, c.invoice_id, c.due_on, c.seq) for owner, c in changes.due_changes)
    voids = [(owner, v.invoice_id, v.voided_on, v.seq) for owner, v in _ordered(changes.voids)]
    balances = [(owner, b.invoice_id, b.left, b.settled_on) for owner, b in _ordered(changes.balances)]
    await _run(connection, _TERMS, terms)
    await _run(connection, _DUE_CHANGES, due_changes)
    await _run(connection, _VOIDS, voids)
    await _run(connection, _BALANCES, balances)


async def _write_credits(connection: Transaction, changes: Changes) -> None:
    payments = [
        (owner, p.payment_id, *_money(p.amount), p.paid_on, p.seq, msgspec.json.encode(p.allocations).decode())
        for owner, p in _ordered(changes.payments)
    ]
    refunds = sorted(
        (owner, r.payment_id, r.refund_id, *_money(r.amount), r.refunded_on, r.seq) for owner, r in changes.refunds
    )
    credit_notes = [
        (owner, c.credit_note_id, c.kind, *_money(c.amount), c.issued_on, c.invoice_id, c.seq)
        for owner, c in _ordered(changes.credit_notes)
    ]
    await _run(connection, _PAYMENTS, payments)
    await _run(connection, _REFUNDS, refunds)
    await _run(connection, _CREDIT_NOTES, credit_notes)


def _ordered(found: Mapping[tuple[str, str], One]) -> list[tuple[str, One]]:
    """Each with its customer, in order of customer and id."""
    return [(key[0], found[key]) for key in sorted(found)]


def _money(value: Money) -> tuple[Any, str]:
    return value.amount, value.currency


async def _run(connection: Transaction, write: _Write, rows: Sequence[tuple[Any, ...]]) -> None:
    """Hand rows over as one array a column."""
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        await connection.execute(write.statement, dict(zip(write.columns, columns, strict=True)))


async def forget(connection: Transaction, customer_id: str) -> None:
    """Empty the ledger of a customer, to be written anew."""
    for statement in _FORGET:
        await connection.execute(statement, {"customer_id": customer_id})
