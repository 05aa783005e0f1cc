"""Erasing a customer: what is personal is blanked in every table, amounts and dates stay.

What people wrote freely may name somebody, so it goes; ids, products and invoice numbers are the books' own words.
"""

from datetime import date

from sqlalchemy import text

from shared.database.engine import Transaction

_BLANK_CUSTOMER = text(
    """
    UPDATE customers SET seq = :seq, erased_on = :erased_on, name = '', name_words = '', email = NULL, emails = '[]',
        addresses = '[]', phone = NULL, document_type = NULL, document_number = NULL, document_country = NULL,
        language = NULL, time_zone = NULL, country = NULL, portfolio = NULL, client_type = NULL, risk_score = NULL,
        do_not_contact_until = NULL, variables = '{}'
    WHERE customer_id = :customer_id
    """
)
_BLANK_REST = [
    text("DELETE FROM documents WHERE customer_id = :customer_id"),
    text("UPDATE invoices SET description = NULL, lines = '[]', void_reason = NULL WHERE customer_id = :customer_id"),
    text("UPDATE payments SET method = NULL, failure_reason = NULL WHERE customer_id = :customer_id"),
    text("UPDATE refunds SET reason = NULL WHERE customer_id = :customer_id"),
    text("UPDATE subscriptions SET interval = NULL WHERE customer_id = :customer_id"),
    text("UPDATE disputes SET category = NULL WHERE customer_id = :customer_id"),
]


async def erase(connection: Transaction, customer_id: str, seq: int, erased_on: date) -> None:
    """Blank a customer whose row is locked; ``seq`` is that of its last event."""
    await connection.execute(_BLANK_CUSTOMER, {"customer_id": customer_id, "seq": seq, "erased_on": erased_on})
    for blank in _BLANK_REST:
        await connection.execute(blank, {"customer_id": customer_id})
