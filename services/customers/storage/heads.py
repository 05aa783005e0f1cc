"""How far each customer's events go."""

from sqlalchemy import text

from shared.database.engine import Transaction

_PAGE = text("SELECT customer_id, seq FROM customers WHERE customer_id > :after ORDER BY customer_id LIMIT :limit")


async def page_of_heads(connection: Transaction, after: str, limit: int) -> list[tuple[str, int]]:
    """(customer id, seq) in order of id."""
    rows = await connection.execute(_PAGE, {"after": after, "limit": limit})
    return [(row.customer_id, row.seq) for row in rows]
