"""Repair by hand, for when somebody doubts what a hearing service knows: ``repair`` and ``rebuild`` of both hearers.

It only marks, as the audit does; the worker's repairer and its reading of everything mend.
"""

from sqlalchemy import text

from shared.database.engine import Database
from shared.messaging import walks

_MARK = text(
    """
    INSERT INTO behind (customer_id, seen_epoch, seen_seq, reason) VALUES (:customer_id, 0, 0, 'by hand')
    ON CONFLICT (customer_id) DO UPDATE SET next_try_at = clock_timestamp()
    """
)
_IS_KNOWN = text("SELECT EXISTS (SELECT FROM customers WHERE customer_id = :customer_id)")
_MARK_ALL = text(
    """
    INSERT INTO behind (customer_id, seen_epoch, seen_seq, reason)
    SELECT customer_id, 0, 0, 'by hand' FROM customers ORDER BY customer_id
    ON CONFLICT (customer_id) DO UPDATE SET next_try_at = clock_timestamp()
    """
)
_BEGIN_EVERY_WALK = text("UPDATE walks SET after = '', claimed_until = '-infinity'")


async def mark_customer(database: Database, customer_id: str) -> bool:
    """Have a customer, known or not, taken anew from its owner as soon as may be; whether it is known here."""
    async with database.transaction() as connection:
        await connection.execute(_MARK, {"customer_id": customer_id})
        return bool((await connection.execute(_IS_KNOWN, {"customer_id": customer_id})).scalar_one())


async def mark_everyone(database: Database) -> int:
    """Have everyone taken anew, and compared once more; how many customers are known now."""
    async with database.transaction() as connection:
        marked = await connection.execute(_MARK_ALL)
        await walks.begin(connection, walks.SNAPSHOTS)
        await walks.begin(connection, walks.AUDIT)
        return marked.rowcount


async def read_everything_anew(database: Database) -> int:
    """The same, and what other services than the owner of customers tell is read anew too."""
    async with database.transaction() as connection:
        marked = await connection.execute(_MARK_ALL)
        await connection.execute(_BEGIN_EVERY_WALK)
        return marked.rowcount
