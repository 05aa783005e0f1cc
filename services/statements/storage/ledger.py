"""Customers' ledgers as heard, read back as accounts."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from services.statements.domain.facts import (
    Account,
    Application,
    CreditNote,
    Customer,
    Dispute,
    DueChange,
    Invoice,
    Payment,
    Refund,
    Terms,
    Void,
)
from shared.basics.money import Money
from shared.database.engine import Transaction

_CUSTOMERS = text(
    """
    SELECT c.*, s.segment_id FROM customers c LEFT JOIN standings s USING (customer_id)
    WHERE c.customer_id = ANY(CAST(:ids AS text[])) ORDER BY c.customer_id
    """
)
_READ = {
    table: text(f"SELECT * FROM {table} WHERE customer_id = ANY(CAST(:ids AS text[]))")
    for table in ("invoices", "due_changes", "payments", "refunds", "credit_notes", "disputes")
}
_READ_APPLICATIONS = text(
    "SELECT * FROM net_applications WHERE customer_id = ANY(CAST(:ids AS text[])) AND amount <> 0"
)
_NEXT_IDS = text("SELECT customer_id FROM customers WHERE customer_id > :after ORDER BY customer_id LIMIT :limit")


async def next_customers(connection: Transaction, after: str, limit: int) -> list[str]:
    """The customers that follow an id, in order."""
    return list((await connection.execute(_NEXT_IDS, {"after": after, "limit": limit})).scalars())


async def accounts(connection: Transaction, ids: Iterable[str]) -> dict[str, Account]:
    """The accounts of those customers that are known, in order of id.

    They are read table by table: unless all is of one moment (``at_one_moment``), an event that is applied in between
    shows in the later tables and not in the earlier ones, and the figures do not add up.
    """
    wanted = {"ids": list(ids)}
    found = {row.customer_id: _account(row) for row in await connection.execute(_CUSTOMERS, wanted)}
    for row in await connection.execute(_READ["invoices"], wanted):
        found[row.customer_id].invoices.append(_invoice(row))
    for row in await connection.execute(_READ["due_changes"], wanted):
        found[row.customer_id].due_changes.append(DueChange(row.invoice_id, row.due_on, row.seq))
    for row in await connection.execute(_READ["payments"], wanted):
        found[row.customer_id].payments.append(_payment(row))
    for row in await connection.execute(_READ["refunds"], wanted):
        refund = Refund(row.payment_id, row.refund_id, _money(row), row.refunded_on, row.seq)
        found[row.customer_id].refunds.append(refund)
    for row in await connection.execute(_READ["credit_notes"], wanted):
        found[row.customer_id].credit_notes.append(_credit_note(row))
    for row in await connection.execute(_READ["disputes"], wanted):
        dispute = Dispute(row.dispute_id, row.invoice_id, row.opened_on, row.closed_on)
        found[row.customer_id].disputes.append(dispute)
    for row in await connection.execute(_READ_APPLICATIONS, wanted):
        part = Application(row.credit_kind, row.credit_id, row.invoice_id, _money(row), row.applied_on)
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
        erased=row.erased,
    )
    return Account(row.customer_id, customer, row.segment_id)


def _invoice(row: Any) -> Invoice:
    first_due_on = row.first_due_on or row.due_on
    amount = _money(row)
    terms = Terms(row.invoice_id, row.number, row.issued_on, row.due_on, amount, row.seq, first_due_on)
    void = Void(row.invoice_id, row.voided_on, row.voided_seq) if row.voided_on else None
    return Invoice(terms, row.balance, row.settled_on, void)


def _payment(row: Any) -> Payment:
    allocations = tuple((invoice_id, Decimal(amount)) for invoice_id, amount in row.allocations)
    return Payment(row.payment_id, _money(row), row.paid_on, row.seq, allocations)


def _credit_note(row: Any) -> CreditNote:
    return CreditNote(row.credit_note_id, row.kind, _money(row), row.issued_on, row.invoice_id, row.seq)


def _money(row: Any) -> Money:
    return Money(row.amount, row.currency)
