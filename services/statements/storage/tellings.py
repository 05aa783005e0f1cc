"""The sequence of a customer's events on ``statements.v1``: it rises with each."""

from sqlalchemy import text

from shared.database.engine import Transaction

_NEXT = text(
    """
    INSERT INTO tellings AS t (customer_id, sequence) VALUES (:customer_id, 1)
    ON CONFLICT (customer_id) DO UPDATE SET sequence = t.sequence + 1
    RETURNING sequence
    """
)


async def next_sequence(connection: Transaction, customer_id: str) -> int:
    """The number of the customer's next event; its row stays locked, so that numbers follow commits."""
    return int((await connection.execute(_NEXT, {"customer_id": customer_id})).scalar_one())
