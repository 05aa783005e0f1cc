"""How far each customer's events go; and reading several tables as of one moment."""

from sqlalchemy import text

from shared.database.engine import Transaction

_ONE_MOMENT = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
_PAGE = text("SELECT customer_id, seq FROM customers WHERE customer_id > :after ORDER BY customer_id LIMIT :limit")


async def see_one_moment(connection: Transaction) -> None:
    """Let every later query of the transaction see the same state; it must be the first statement."""
    await connection.execute(_ONE_MOMENT)


async def page_of_heads(connection: Transaction, after: str, limit: int) -> list[tuple[str, int]]:
    """(customer id, seq) in order of id."""
    rows = await connection.execute(_PAGE, {"after": after, "limit": limit})
    return [(row.customer_id, row.seq) for row in rows]
