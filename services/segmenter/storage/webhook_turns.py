"""Whose turn it is: a webhook with something to send is leased by one worker, which settles what came of it.

Machine time, the database's. A lease that ran out is anybody's; whoever lost one settles nothing.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from shared.database.engine import Transaction

_CLAIM = text(
    """
    UPDATE webhooks SET lease = CAST(:lease AS uuid),
        leased_until = clock_timestamp() + make_interval(secs => :seconds)
    WHERE webhook_id = (
        SELECT webhook_id FROM webhooks
        WHERE state = 'active' AND next_try_at <= clock_timestamp() AND leased_until <= clock_timestamp()
            AND passed < :last
        ORDER BY next_try_at, webhook_id LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING webhook_id, url, event_types, secret, passed, failures, failing_since
    """
)
_PASS = text(
    """
    UPDATE webhooks SET passed = :passed, failures = 0, failing_since = NULL, next_try_at = clock_timestamp(),
        leased_until = '-infinity'
    WHERE webhook_id = :webhook_id AND lease = CAST(:lease AS uuid)
    """
)
_WAIT = text(
    """
    UPDATE webhooks SET state = :state, failures = failures + 1,
        failing_since = coalesce(failing_since, CAST(:now AS timestamptz)),
        next_try_at = CAST(:now AS timestamptz) + make_interval(secs => :seconds), leased_until = '-infinity'
    WHERE webhook_id = :webhook_id AND lease = CAST(:lease AS uuid)
    """
)
_NOW = text("SELECT clock_timestamp()")


@dataclass(frozen=True)
class Turn:
    """A claimed webhook; it has passed all events up to ``passed``."""

    lease: str
    webhook_id: str
    url: str
    event_types: tuple[str, ...]
    secret: str
    passed: int
    failures: int
    failing_since: datetime | None


async def claim(connection: Transaction, lease: str, *, last: int, seconds: float) -> Turn | None:
    """Lease the webhook that has waited longest among those that have not passed ``last``."""
    found = await connection.execute(_CLAIM, {"lease": lease, "last": last, "seconds": seconds})
    row = found.one_or_none()
    return Turn(lease, **{**row._asdict(), "event_types": tuple(row.event_types)}) if row else None


async def pass_to(connection: Transaction, turn: Turn, position: int) -> bool:
    """Move the cursor and give the lease back; False if it was lost."""
    given = {"webhook_id": turn.webhook_id, "lease": turn.lease, "passed": position}
    return (await connection.execute(_PASS, given)).rowcount == 1


async def wait(connection: Transaction, turn: Turn, *, now: datetime, seconds: float, stops: bool) -> bool:
    """Note a failure and give the lease back; False if it was lost."""
    state = "failing" if stops else "active"
    given = {"webhook_id": turn.webhook_id, "lease": turn.lease, "now": now, "seconds": seconds, "state": state}
    return (await connection.execute(_WAIT, given)).rowcount == 1


async def machine_now(connection: Transaction) -> datetime:
    """The database's clock."""
    now: datetime = (await connection.execute(_NOW)).scalar_one()
    return now
