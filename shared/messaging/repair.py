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
from shared.database.one_moment import at_one_moment

log = structlog.get_logger(__name__)

Found = Mapping[str, Snapshot | None]
"""Customers by id, each with its snapshot; None when the sender does not know the customer."""
Fetch = Callable[[str], Awaitable[Snapshot | None]]
"""The snapshot of a customer; None when the sender does not know the customer."""
Known = tuple[int | None, ...]
"""How far a customer is known, and how far it is behind; None where it is not."""
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
_KNOWN = text(
    """
    SELECT c.epoch, c.seq, b.seen_epoch, b.seen_seq FROM (SELECT CAST(:id AS text) AS id) AS n
    LEFT JOIN customers c ON c.customer_id = n.id LEFT JOIN behind b ON b.customer_id = n.id
    """
)
_GONE = text("DELETE FROM behind WHERE customer_id = :id")


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
        async with self.database.transaction() as connection:
            known = await _known(connection, customer_id)
        snapshot = await self.fetch(customer_id)

        async def mend() -> None:
            async with self.database.transaction() as connection:
                if snapshot is None:
                    await self._remove(connection, customer_id, known)
                else:
                    await self.mend(connection, {customer_id: snapshot})

        await retrying(mend)

    async def mend(self, connection: AsyncConnection, found: Mapping[str, Snapshot]) -> None:
        """Replace the facts of these customers; who is reached by its snapshot is not behind any more."""
        await self.replace(connection, found)
        await connection.execute(
            _MENDED,
            {
                "ids": list(found),
                "epochs": [snapshot.epoch for snapshot in found.values()],
                "seqs": [snapshot.seq for snapshot in found.values()],
            },
        )

    async def _remove(self, connection: AsyncConnection, customer_id: str, known: Known) -> None:
        """Forget a customer that the sender does not know, unless more was heard of it since it was asked.

        Of one moment, so that what is heard from here on makes this fail as a lost race, and is looked at again.
        """
        await at_one_moment(connection, writing=True)
        if await _known(connection, customer_id) != known:
            log.info("repair_overtaken", customer_id=customer_id)
            return
        await self.replace(connection, {customer_id: None})
        await connection.execute(_GONE, {"id": customer_id})


async def _known(connection: AsyncConnection, customer_id: str) -> Known:
    return tuple((await connection.execute(_KNOWN, {"id": customer_id})).one())
