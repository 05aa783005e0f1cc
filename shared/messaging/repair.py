"""The one repair path: a customer that fell behind gets all its facts anew from the sender's snapshot.

Due rows of ``behind`` are claimed by pushing their next try into the future (machine time), so several workers share
the work and a crash costs one pause. The network is called with no transaction open. The reading of all snapshots
(``shared.messaging.bootstrap``) mends by the same path, many customers at once.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.basics.errors import Unavailable
from shared.contracts.customers_snapshots import Snapshot
from shared.database.engine import Database, retrying

log = structlog.get_logger(__name__)

Found = Mapping[str, Snapshot | None]
"""Customers by id, each with its snapshot; None when the sender does not know the customer."""
Fetch = Callable[[str], Awaitable[Snapshot | None]]
"""The snapshot of a customer; None when the sender does not know the customer."""
Replace = Callable[[AsyncConnection, Found], Awaitable[None]]
"""Makes customers' facts those of their snapshots (unless newer ones are known), and removes the others."""

# The few are chosen apart: within the UPDATE the planner may choose them anew for each row, and claim everyone.
_CLAIM = text(
    """
    WITH due AS MATERIALIZED (
        SELECT customer_id FROM behind WHERE next_try_at <= clock_timestamp()
        ORDER BY next_try_at LIMIT 20 FOR UPDATE SKIP LOCKED)
    UPDATE behind b SET tries = tries + 1,
        next_try_at = clock_timestamp() + make_interval(secs => least(300, 2 ^ least(tries, 9)))
    FROM due WHERE b.customer_id = due.customer_id
    RETURNING b.customer_id
    """
)
_MENDED = text(
    """
    DELETE FROM behind b
    USING unnest(CAST(:ids AS text[]), CAST(:epochs AS bigint[]), CAST(:seqs AS bigint[])) AS n (id, epoch, seq)
    WHERE b.customer_id = n.id AND (b.seen_epoch, b.seen_seq) <= (n.epoch, n.seq)
    """
)
_GONE = text("DELETE FROM behind WHERE customer_id = ANY(CAST(:ids AS text[]))")


@dataclass(frozen=True)
class Repairer:
    """Mends customers that are behind, a few at a time."""

    database: Database
    fetch: Fetch
    replace: Replace

    async def step(self) -> bool:
        """Try every customer that is due; whether there was any."""
        async with self.database.transaction() as connection:
            due = [row.customer_id for row in await connection.execute(_CLAIM)]
        for customer_id in sorted(due):
            await self._try(customer_id)
        return bool(due)

    async def _try(self, customer_id: str) -> None:
        try:
            await self.repair(customer_id)
        except Unavailable as error:
            log.warning("repair_waits", customer_id=customer_id, error=error.detail)
        except Exception:
            log.exception("repair_failed", customer_id=customer_id)

    async def repair(self, customer_id: str) -> None:
        """Replace the facts of one customer and end its being behind, if the snapshot is far enough."""
        found = {customer_id: await self.fetch(customer_id)}

        async def mend() -> None:
            async with self.database.transaction() as connection:
                await self.mend(connection, found)

        await retrying(mend)

    async def mend(self, connection: AsyncConnection, found: Found) -> None:
        """Replace the facts of these customers; who is reached by its snapshot, or gone, is not behind any more."""
        await self.replace(connection, found)
        reached = {customer_id: snapshot for customer_id, snapshot in found.items() if snapshot is not None}
        gone = [customer_id for customer_id, snapshot in found.items() if snapshot is None]
        if reached:
            await connection.execute(
                _MENDED,
                {
                    "ids": list(reached),
                    "epochs": [snapshot.epoch for snapshot in reached.values()],
                    "seqs": [snapshot.seq for snapshot in reached.values()],
                },
            )
        if gone:
            await connection.execute(_GONE, {"ids": gone})
