"""A customer's money facts as the ledger takes them: each an entry, in the order received."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, TextClause, text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.basics.ledger.replay import Credited, DueChanged, Entry, Issued, Refunded, Voided
from shared.basics.ledger.values import Credit, CreditKind, new_debt

_INVOICES = text(
    """
    SELECT invoice_id, currency, issued_on, first_due_on, amount, seq, voided_on, voided_seq
    FROM invoices WHERE customer_id = :customer_id
    """
)
_DUE_DATES = text("SELECT invoice_id, due_on, seq FROM due_dates WHERE customer_id = :customer_id")
_PAYMENTS = text(
    """
    SELECT payment_id, currency, occurred_on, amount, allocations, seq
    FROM payments WHERE customer_id = :customer_id AND status = 'succeeded'
    """
)
_REFUNDS = text("SELECT payment_id, amount, refunded_on, seq FROM refunds WHERE customer_id = :customer_id")
_CREDIT_NOTES = text(
    """
    SELECT credit_note_id, kind, currency, issued_on, amount, invoice_id, seq
    FROM credit_notes WHERE customer_id = :customer_id
    """
)


def _of_invoice(row: Row[Any]) -> Iterable[tuple[int, Entry]]:
    debt = new_debt(row.invoice_id, row.currency, row.issued_on, row.first_due_on, row.amount)
    yield row.seq, Issued(debt)
    if row.voided_on is not None:
        yield row.voided_seq, Voided(row.invoice_id, row.voided_on)


def _payment(row: Row[Any]) -> Credited:
    wanted = tuple((invoice_id, Decimal(amount)) for invoice_id, amount in row.allocations or ())
    return Credited(Credit("payment", row.payment_id, row.currency, row.occurred_on, row.amount), wanted)


def _credit_note(row: Row[Any]) -> Credited:
    wanted = ((row.invoice_id, row.amount),) if row.invoice_id is not None else ()
    kind: CreditKind = "write_off" if row.kind == "write_off" else "credit_note"
    return Credited(Credit(kind, row.credit_note_id, row.currency, row.issued_on, row.amount), wanted)


_Read = Callable[[Row[Any]], Entry]
_OTHERS: tuple[tuple[TextClause, _Read], ...] = (
    (_DUE_DATES, lambda row: DueChanged(row.invoice_id, row.due_on)),
    (_PAYMENTS, _payment),
    (_REFUNDS, lambda row: Refunded(("payment", row.payment_id), row.amount, row.refunded_on)),
    (_CREDIT_NOTES, _credit_note),
)


async def load_entries(connection: AsyncConnection, customer_id: str) -> list[Entry]:
    """Every entry of a customer."""
    given = {"customer_id": customer_id}
    placed = [one for row in await connection.execute(_INVOICES, given) for one in _of_invoice(row)]
    for statement, read in _OTHERS:
        placed += [(row.seq, read(row)) for row in await connection.execute(statement, given)]
    return [entry for _, entry in sorted(placed, key=lambda one: one[0])]
