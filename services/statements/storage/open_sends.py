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
_LATE = text(
    """
    SELECT coalesce(greatest(0, extract(epoch FROM clock_timestamp() - least(
        (SELECT min(next_try_at) FROM addresses WHERE next_try_at IS NOT NULL),
        (SELECT min(m.heard_at) FROM deliveries d JOIN messages m USING (customer_id, delivery_id)
        WHERE NOT d.is_prepared AND d.run_id IS NULL)))), 0)
    """
)


async def seconds_late(connection: Transaction) -> float:
    """How long the oldest mail is due that was not tried, or the oldest message of an alert was not written."""
    return float((await connection.execute(_LATE)).scalar_one())


async def count_open(connection: Transaction) -> dict[str, int]:
    """Mails by state, every open state named; ``unknown`` are those that nobody can say anything of."""
    found = {row.state: row.mails for row in await connection.execute(_COUNT)}
    return {state: found.get(state, 0) for state in _OPEN}
