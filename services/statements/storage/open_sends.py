"""How many mails have not come to an end, for ``/metrics``: each state is counted through an index of few rows."""

from sqlalchemy import text

from shared.database.engine import Transaction

_OPEN = ("planned", "sending", "retry_wait", "unknown")
_COUNT = text(
    """
    SELECT state, count(*) AS mails FROM (
        SELECT delivery_id, n, state FROM addresses WHERE next_try_at IS NOT NULL
        UNION SELECT delivery_id, n, state FROM addresses WHERE lease_until IS NOT NULL
        UNION SELECT delivery_id, n, state FROM addresses WHERE state = 'unknown') AS a
    GROUP BY state
    """
)


async def count_open(connection: Transaction) -> dict[str, int]:
    """Mails by state, every open state named; ``unknown`` are those that nobody can say anything of."""
    found = {row.state: row.mails for row in await connection.execute(_COUNT)}
    return {state: found.get(state, 0) for state in _OPEN}
