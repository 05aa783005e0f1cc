"""The one repair path: a customer that fell behind gets all its facts anew from the sender's snapshot.

Due rows of ``behind`` are claimed by pushing their next try into the future (machine time), so several workers share
the work and a crash costs one pause. The network is called with no transaction open.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.basics.errors import Unavailable
from shared.contracts.customers_v1 import Snapshot
from shared.database.engine import Database
from shared.messaging.sequence import Position

log = structlog.get_logger(__name__)

Fetch = Callable[[str], Awaitable[Snapshot | None]]
"""The snapshot of a customer; None when the sender does not know the customer."""
Replace = Callable[[AsyncConnection, str, Snapshot | None], Awaitable[None]]
"""Makes a customer's facts those of the snapshot (unless newer ones are known), or removes the customer."""

_CLAIM = text(
    """
    UPDATE behind SET tries = tries + 1,
        next_try_at = clock_timestamp() + make_interval(secs => least(300, 2 ^ least(tries, 9)))
    WHERE customer_id IN (
        SELECT customer_id FROM behind WHERE next_try_at <= clock_timestamp()
        ORDER BY next_try_at LIMIT 20 FOR UPDATE SKIP LOCKED)
    RETURNING customer_id, seen_epoch, seen_seq
    """
)
_MENDED = text(
    """
    DELETE FROM behind
    WHERE customer_id = :customer_id AND (seen_epoch, seen_seq) <= (CAST(:epoch AS bigint), CAST(:seq AS bigint))
    """
)
_GONE = text("DELETE FROM behind WHERE customer_id = :customer_id")


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
        snapshot = await self.fetch(customer_id)
        async with self.database.transaction() as connection:
            await self.replace(connection, customer_id, snapshot)
            if snapshot is None:
                await connection.execute(_GONE, {"customer_id": customer_id})
                return
            reached = Position(snapshot.epoch, snapshot.seq)
            await connection.execute(_MENDED, {"customer_id": customer_id, "epoch": reached.epoch, "seq": reached.seq})
