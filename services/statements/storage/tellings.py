"""The sequence of a customer's events on ``statements.v1``: it rises with each."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import text

from shared.database.engine import Transaction

_NEXT = text(
    """
    INSERT INTO tellings AS t (customer_id, sequence)
    SELECT customer_id, count FROM unnest(CAST(:ids AS text[]), CAST(:counts AS bigint[])) AS n (customer_id, count)
    ORDER BY customer_id
    ON CONFLICT (customer_id) DO UPDATE SET sequence = t.sequence + excluded.sequence
    RETURNING customer_id, sequence
    """
)


async def next_sequences(connection: Transaction, customer_ids: Sequence[str]) -> list[int]:
    """The number of each customer's next event, in the order given; a customer named twice gets two numbers.

    Their rows stay locked, so that numbers follow commits.
    """
    counts = dict(sorted(Counter(customer_ids).items()))
    rows = await connection.execute(_NEXT, {"ids": list(counts), "counts": list(counts.values())})
    last = {row.customer_id: row.sequence for row in rows}
    numbers = []
    for customer_id in customer_ids:
        numbers.append(last[customer_id] - counts[customer_id] + 1)
        counts[customer_id] -= 1
    return numbers
