"""Customers that are behind, as people look at them, and a repair that need not wait for its next try."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from shared.basics.errors import Missing
from shared.database.engine import Database

_COLUMNS = "customer_id, seen_epoch, seen_seq, reason, tries, since, next_try_at"
_PAGE = text(f"SELECT {_COLUMNS} FROM behind WHERE customer_id > :after ORDER BY customer_id LIMIT :limit")
_RETRY = text(
    f"UPDATE behind SET next_try_at = clock_timestamp() WHERE customer_id = :customer_id RETURNING {_COLUMNS}"
)


@dataclass(frozen=True)
class Behind:
    """A customer whose facts wait for a snapshot at (``seen_epoch``, ``seen_seq``) or later; instants are machine
    time."""

    customer_id: str
    seen_epoch: int
    seen_seq: int
    reason: str
    tries: int
    since: datetime
    next_try_at: datetime


@dataclass(frozen=True)
class TendBehind:
    """Who is behind, and let one be tried now."""

    database: Database

    async def page(self, after: str, limit: int) -> list[Behind]:
        """Customers behind in order of id."""
        async with self.database.transaction() as connection:
            return [Behind(*row) for row in await connection.execute(_PAGE, {"after": after, "limit": limit})]

    async def retry(self, customer_id: str) -> Behind:
        """Make a customer's repair due now; a worker takes it within a second.

        Raises
        ------
        Missing
            The customer is not behind.
        """
        async with self.database.transaction() as connection:
            row = (await connection.execute(_RETRY, {"customer_id": customer_id})).one_or_none()
        if row is None:
            raise Missing("not_behind", f"the customer {customer_id} is not behind")
        return Behind(*row)
