"""How far each customer's events are applied: the columns ``epoch`` and ``seq`` of a hearer's own ``customers``."""

from collections.abc import Mapping

from sqlalchemy import text

from shared.database.engine import Transaction
from shared.messaging.sequence import Position

_MOVE_ON = text(
    """
    UPDATE customers c SET epoch = n.epoch, seq = n.seq
    FROM unnest(CAST(:ids AS text[]), CAST(:epochs AS bigint[]), CAST(:seqs AS bigint[])) AS n (id, epoch, seq)
    WHERE c.customer_id = n.id
    """
)
_PAGE = text(
    "SELECT customer_id, epoch, seq FROM customers WHERE customer_id > :after ORDER BY customer_id LIMIT :limit"
)


async def move_on(connection: Transaction, positions: Mapping[str, Position]) -> None:
    """Note how far customers' events are applied now; the caller has their rows locked."""
    ids = sorted(positions)
    reached = [positions[customer_id] for customer_id in ids]
    await connection.execute(
        _MOVE_ON, {"ids": ids, "epochs": [at.epoch for at in reached], "seqs": [at.seq for at in reached]}
    )


async def page_of_positions(connection: Transaction, after: str, limit: int) -> dict[str, Position]:
    """The positions of at most so many customers after an id, in order of id."""
    rows = await connection.execute(_PAGE, {"after": after, "limit": limit})
    return {row.customer_id: Position(row.epoch, row.seq) for row in rows}
