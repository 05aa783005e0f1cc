"""Customers' ledgers as heard: written for many customers at once in order of id, read back as accounts."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import TextClause, text

from services.statements.domain.facts import Account, Application, Customer, Invoice, Payment, Terms
from services.statements.domain.folding import Changes
from shared.basics.money import Money
from shared.database.engine import Transaction

_TERMS = text(
    """
    INSERT INTO invoices AS i (customer_id, invoice_id, number, issued_on, due_on, amount, currency, balance)
    SELECT *, amount FROM unnest(
        CAST(:customer_ids AS text[]), CAST(:ids AS text[]), CAST(:numbers AS text[]), CAST(:issued AS date[]),
        CAST(:due AS date[]), CAST(:amounts AS numeric[]), CAST(:currencies AS text[]))
        AS n (customer_id, id, number, issued_on, due_on, amount, currency)
    ON CONFLICT (customer_id, invoice_id) DO UPDATE SET number = excluded.number, due_on = excluded.due_on
    """
)
_BALANCES = text(
    """
    UPDATE invoices i SET balance = n.balance, settled_on = n.settled_on
    FROM unnest(CAST(:customer_ids AS text[]), CAST(:ids AS text[]), CAST(:balances AS numeric[]),
        CAST(:settled AS date[])) AS n (customer_id, invoice_id, balance, settled_on)
    WHERE (i.customer_id, i.invoice_id) = (n.customer_id, n.invoice_id)
    """
)
_PAYMENTS = text(
    """
    INSERT INTO payments (customer_id, payment_id, amount, currency, paid_on)
    SELECT * FROM unnest(
        CAST(:customer_ids AS text[]), CAST(:ids AS text[]), CAST(:amounts AS numeric[]),
        CAST(:currencies AS text[]), CAST(:dates AS date[]))
    """
)
_APPLICATIONS = text(
    """
    INSERT INTO applications (customer_id, payment_id, invoice_id, amount, currency, applied_on)
    SELECT customer_id, payment_id, invoice_id, amount, currency, applied_on FROM unnest(
        CAST(:customer_ids AS text[]), CAST(:payment_ids AS text[]), CAST(:invoice_ids AS text[]),
        CAST(:amounts AS numeric[]), CAST(:currencies AS text[]), CAST(:dates AS date[]))
        WITH ORDINALITY AS n (customer_id, payment_id, invoice_id, amount, currency, applied_on, place)
    ORDER BY place
    """
)
_FORGET = tuple(
    text(f"DELETE FROM {table} WHERE customer_id = ANY(CAST(:ids AS text[]))")
    for table in ("invoices", "payments", "applications")
)
_CUSTOMERS = text(
    """
    SELECT c.*, s.segment_id FROM customers c LEFT JOIN standings s USING (customer_id)
    WHERE c.customer_id = ANY(CAST(:ids AS text[])) ORDER BY c.customer_id
    """
)
_READ_INVOICES = text("SELECT * FROM invoices WHERE customer_id = ANY(CAST(:ids AS text[]))")
_READ_PAYMENTS = text("SELECT * FROM payments WHERE customer_id = ANY(CAST(:ids AS text[]))")
_READ_APPLICATIONS = text("SELECT * FROM applications WHERE customer_id = ANY(CAST(:ids AS text[])) ORDER BY place")
_NEXT_IDS = text("SELECT customer_id FROM customers WHERE customer_id > :after ORDER BY customer_id LIMIT :limit")


async def write(connection: Transaction, changes: Changes) -> None:
    """Write invoices, balances, payments and applications."""
    terms = [(owner, changes.terms[owner, one]) for owner, one in sorted(changes.terms)]
    balances = [(owner, changes.balances[owner, one]) for owner, one in sorted(changes.balances)]
    payments = [(owner, changes.payments[owner, one]) for owner, one in sorted(changes.payments)]
    applications = sorted(changes.applications, key=lambda made: made[0])
    await _write(
        connection,
        _TERMS,
        [(owner, t.invoice_id, t.number, t.issued_on, t.due_on, *_money(t.amount)) for owner, t in terms],
    )
    await _write(connection, _BALANCES, [(owner, b.invoice_id, b.left, b.settled_on) for owner, b in balances])
    await _write(connection, _PAYMENTS, [(owner, p.payment_id, *_money(p.amount), p.paid_on) for owner, p in payments])
    await _write(
        connection,
        _APPLICATIONS,
        [(owner, a.payment_id, a.invoice_id, *_money(a.amount), a.applied_on) for owner, a in applications],
    )


def _money(value: Money) -> tuple[Any, str]:
    return value.amount, value.currency


async def _write(connection: Transaction, statement: TextClause, rows: list[tuple[Any, ...]]) -> None:
    """Hand rows over as one array a column."""
    if rows:
        columns = [list(column) for column in zip(*rows, strict=True)]
        await connection.execute(statement, dict(zip(_COLUMNS[statement], columns, strict=True)))


_COLUMNS = {
    _TERMS: ("customer_ids", "ids", "numbers", "issued", "due", "amounts", "currencies"),
    _BALANCES: ("customer_ids", "ids", "balances", "settled"),
    _PAYMENTS: ("customer_ids", "ids", "amounts", "currencies", "dates"),
    _APPLICATIONS: ("customer_ids", "payment_ids", "invoice_ids", "amounts", "currencies", "dates"),
}


async def forget(connection: Transaction, ids: Iterable[str]) -> None:
    """Empty the ledgers of customers, to be written anew."""
    given = {"ids": sorted(ids)}
    for statement in _FORGET:
        await connection.execute(statement, given)


async def next_customers(connection: Transaction, after: str, limit: int) -> list[str]:
    """The customers that follow an id, in order."""
    return list((await connection.execute(_NEXT_IDS, {"after": after, "limit": limit})).scalars())


async def accounts(connection: Transaction, ids: Iterable[str]) -> dict[str, Account]:
    """The accounts of those customers that are known, in order of id."""
    wanted = {"ids": list(ids)}
    found = {row.customer_id: _account(row) for row in await connection.execute(_CUSTOMERS, wanted)}
    for row in await connection.execute(_READ_INVOICES, wanted):
        found[row.customer_id].invoices.append(_invoice(row))
    for row in await connection.execute(_READ_PAYMENTS, wanted):
        payment = Payment(row.payment_id, Money(row.amount, row.currency), row.paid_on)
        found[row.customer_id].payments.append(payment)
    for row in await connection.execute(_READ_APPLICATIONS, wanted):
        part = Application(row.payment_id, row.invoice_id, Money(row.amount, row.currency), row.applied_on)
        found[row.customer_id].applications.append(part)
    return found


def _account(row: Any) -> Account:
    customer = Customer(
        type=row.type,
        name=row.name,
        email=row.email,
        emails=tuple(row.emails),
        language=row.language,
        country=row.country,
        do_not_contact_until=row.do_not_contact_until,
        archived=row.archived,
    )
    return Account(row.customer_id, customer, row.segment_id)


def _invoice(row: Any) -> Invoice:
    terms = Terms(row.invoice_id, row.number, row.issued_on, row.due_on, Money(row.amount, row.currency))
    return Invoice(terms, row.balance, row.settled_on)
