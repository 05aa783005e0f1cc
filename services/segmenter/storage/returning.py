"""Whether this database was restored and is not equal to customers again yet: the row ``restored`` of ``walks``.

What begins to hold meanwhile may have been told before the database was lost.
"""

from sqlalchemy import text

from shared.database.engine import Transaction

_BEGIN = text(
    """
    INSERT INTO walks (name, after) VALUES ('restored', '')
    ON CONFLICT (name) DO UPDATE SET after = ''
    """
)
_READ_AGAIN = text("UPDATE walks SET after = '', claimed_until = '-infinity' WHERE name = ANY(CAST(:names AS text[]))")
_IS_RETURNING = text("SELECT EXISTS (SELECT FROM walks WHERE name = 'restored')")
_END = text(
    """
    DELETE FROM walks WHERE name = 'restored'
        AND NOT EXISTS (SELECT FROM walks WHERE name IN ('audit', 'snapshots') AND after IS NOT NULL)
        AND NOT EXISTS (SELECT FROM behind)
        AND NOT EXISTS (SELECT FROM alert_rules WHERE judged_up_to IS NOT NULL)
        AND (SELECT done FROM day_turn)
    RETURNING name
    """
)


async def begin(connection: Transaction, walks: list[str]) -> None:
    """From now on the database is returning; these walks begin anew."""
    await connection.execute(_BEGIN)
    await connection.execute(_READ_AGAIN, {"names": walks})


async def is_returning(connection: Transaction) -> bool:
    """Whether it still is."""
    return bool((await connection.execute(_IS_RETURNING)).scalar_one())


async def end_if_equal(connection: Transaction) -> bool:
    """It has returned once everyone was compared, nobody is behind, and the day and all rules are judged."""
    return (await connection.execute(_END)).one_or_none() is not None
