"""What is left of credits that were there: payments and credit notes alike, a column of their own rows."""

from collections.abc import Iterable

from services.customers.storage.bulk import Bulk, update
from shared.basics.ledger.values import Credit
from shared.database.writing import Write


def _leave(table: str, own_id: str) -> Bulk:
    columns = {"customer_id": "text", own_id: "text", "unapplied": "numeric"}
    return update(table, columns, key=["customer_id", own_id], name=f"{table}_left")


_PAYMENTS = _leave("payments", "payment_id")
_CREDIT_NOTES = _leave("credit_notes", "credit_note_id")


def change_unapplied(credits_left: Iterable[tuple[str, Credit]]) -> list[Write]:
    """Store what is left of credits: (customer id, credit)."""
    left = sorted((customer_id, credit.credit_id, credit.left, credit.kind) for customer_id, credit in credits_left)
    return [
        *_PAYMENTS.of([row for *row, kind in left if kind == "payment"]),
        *_CREDIT_NOTES.of([row for *row, kind in left if kind != "payment"]),
    ]
