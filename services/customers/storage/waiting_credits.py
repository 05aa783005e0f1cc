"""Credits of which something waits for an invoice: payments and credit notes alike."""

from collections.abc import Collection

from sqlalchemy import text

from shared.basics.ledger.values import Credit
from shared.database.engine import Transaction

_WAITING = text(
    """
    SELECT customer_id, 'payment' AS kind, payment_id AS id, currency, occurred_on AS dated_on, unapplied FROM payments
    WHERE customer_id = ANY(:ids) AND is_waiting
    UNION ALL
    SELECT customer_id, 'credit_note', credit_note_id, currency, issued_on, unapplied FROM credit_notes
    WHERE customer_id = ANY(:ids) AND is_waiting
    """
)


async def waiting_credits(connection: Transaction, customer_ids: Collection[str]) -> list[tuple[str, Credit]]:
    """Every credit of the customers of which something is left: (customer id, credit). A write-off never waits."""
    if not customer_ids:
        return []
    rows = await connection.execute(_WAITING, {"ids": sorted(customer_ids)})
    return [(row.customer_id, Credit(row.kind, row.id, row.currency, row.dated_on, row.unapplied)) for row in rows]
