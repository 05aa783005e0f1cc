"""What was written in mails, kept for a while: the bytes of each, and the figures in them."""

from datetime import date

from sqlalchemy import text

from shared.database.engine import Transaction

_LOCK_OLD = text(
    """
    SELECT delivery_id FROM deliveries
    WHERE delivery_id IN (SELECT delivery_id FROM deliveries
                          WHERE keeps_content AND as_of_date < :before
                            AND state NOT IN ('planned', 'sending', 'retry_wait')
                          ORDER BY as_of_date LIMIT 500)
    ORDER BY delivery_id FOR UPDATE SKIP LOCKED
    """
)
_FORGET_MAILS = text(
    "UPDATE addresses SET mail = NULL, next_try_at = NULL WHERE delivery_id = ANY(CAST(:ids AS text[]))"
)
_FORGET_FIGURES = text(
    "UPDATE deliveries SET statement = NULL, keeps_content = false WHERE delivery_id = ANY(CAST(:ids AS text[]))"
)


async def forget(connection: Transaction, before: date) -> bool:
    """Blank mails and figures of some deliveries as of a day before; whether there were any."""
    ids = list((await connection.execute(_LOCK_OLD, {"before": before})).scalars())
    if ids:
        await connection.execute(_FORGET_MAILS, {"ids": ids})
        await connection.execute(_FORGET_FIGURES, {"ids": ids})
    return bool(ids)
