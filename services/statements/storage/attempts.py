"""What became of each try to hand a mail to the gateway: rows below its address, told before the call and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from shared.database.engine import Transaction

_ATTEMPT = text(
    """
    INSERT INTO attempts (delivery_id, n, attempt, at, outcome, status)
    SELECT * FROM unnest(CAST(:ids AS text[]), CAST(:ns AS integer[]), CAST(:numbers AS integer[]),
        CAST(:at AS timestamptz[]), CAST(:outcomes AS text[]), CAST(:statuses AS integer[]))
    ON CONFLICT (delivery_id, n, attempt) DO UPDATE SET outcome = excluded.outcome, status = excluded.status
    """
)
_ATTEMPTS = text(
    """
    SELECT delivery_id, n, attempt, at, outcome, status FROM attempts
    WHERE delivery_id = ANY(CAST(:ids AS text[])) ORDER BY delivery_id, n, attempt
    """
)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One call of the gateway, at business time."""

    delivery_id: str
    n: int
    attempt: int
    at: datetime
    outcome: str
    status: int | None


async def note_attempts(connection: Transaction, found: Sequence[Attempt]) -> None:
    """Keep what calls of the gateway came to."""
    if found:
        facts = {
            "ids": [one.delivery_id for one in found],
            "ns": [one.n for one in found],
            "numbers": [one.attempt for one in found],
            "at": [one.at for one in found],
            "outcomes": [one.outcome for one in found],
            "statuses": [one.status for one in found],
        }
        await connection.execute(_ATTEMPT, facts)


async def read_attempts(connection: Transaction, ids: Sequence[str]) -> list[Attempt]:
    """All attempts of some deliveries, in order."""
    return [Attempt(**row._mapping) for row in await connection.execute(_ATTEMPTS, {"ids": list(ids)})]
