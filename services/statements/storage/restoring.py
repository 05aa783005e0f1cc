"""What a restored send ledger cannot know: mails that may have gone out after the backup was made.

Written by the command ``after-restore`` alone, with no worker running, before anything is sent again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import text

from services.statements.storage.addresses import NewAddress
from shared.basics.money import Money
from shared.database.engine import Transaction
from shared.messaging.sequence import Position

REASON = "restored"

_MISS_HELD = text(
    """
    UPDATE runs SET state = 'missed', reason = :reason, is_planned = true
    WHERE state = 'held' AND due_at <= :lost_at
    """
)
_PLAN_NOBODY_MORE = text(
    """
    UPDATE runs r SET is_planned = true, reason = :reason, state = CASE
        WHEN state = 'running' AND NOT EXISTS (SELECT FROM deliveries d WHERE d.run_id = r.run_id) THEN 'missed'
        ELSE state END
    WHERE state IN ('running', 'cancelled') AND NOT is_planned
    """
)
_FORGET_AUDIENCES = text("DELETE FROM run_audience WHERE run_id IN (SELECT run_id FROM runs WHERE is_planned)")
_DOUBT = text(
    """
    UPDATE addresses SET state = 'unknown', reason = :reason, in_doubt = true, next_try_at = NULL, lease_until = NULL
    WHERE state IN ('planned', 'sending', 'retry_wait')
    RETURNING delivery_id
    """
)
_UNPREPARED = text(
    """
    SELECT delivery_id, customer_id FROM deliveries WHERE NOT is_prepared AND delivery_id > :after
    ORDER BY delivery_id LIMIT :limit FOR UPDATE
    """
)
_PREPARED = text("UPDATE deliveries SET is_prepared = true WHERE delivery_id = ANY(CAST(:ids AS text[]))")
_SKIP = text(
    """
    UPDATE deliveries d SET is_prepared = true, state = 'skipped', reason = n.reason
    FROM unnest(CAST(:ids AS text[]), CAST(:reasons AS text[])) AS n (id, reason) WHERE d.delivery_id = n.id
    """
)
_ENTER_DOUBT = text(
    """
    INSERT INTO addresses (delivery_id, n, address, state, reason, in_doubt)
    VALUES (:delivery_id, :n, :address, :state, :reason, :state = 'unknown')
    """
)
_LATEST = text(
    """
    SELECT customer_id, sequence, (SELECT epoch FROM instance) AS epoch FROM tellings
    WHERE customer_id = ANY(CAST(:ids AS text[]))
    """
)
_SETTLE_ADDRESSES = text(
    """
    UPDATE addresses SET state = CAST(:state AS text), reason = :reason, next_try_at = NULL, lease_until = NULL
    WHERE delivery_id = :delivery_id AND state = 'unknown'
    """
)
_SETTLE = text(
    """
    UPDATE deliveries SET state = :state, reason = :reason, accepted_at = :accepted_at
    WHERE delivery_id = :delivery_id AND state = 'unknown'
    """
)
_ENTER = text(
    """
    INSERT INTO deliveries (delivery_id, run_id, rule_id, period, customer_id, state, reason, said_something,
        is_prepared, as_of_date, totals, accepted_at)
    VALUES (:delivery_id, (SELECT run_id FROM runs r WHERE (r.rule_id, r.period) = (:rule_id, :period)), :rule_id,
        :period, :customer_id, :state, :reason, true, true, :as_of_date, CAST(:totals AS jsonb), :accepted_at)
    ON CONFLICT DO NOTHING
    """
)
_CAME_TO_SOMETHING = text(
    """
    UPDATE runs r SET state = 'finished', finished_at = :now, as_of_date = d.as_of_date
    FROM (SELECT run_id, max(as_of_date) AS as_of_date FROM deliveries GROUP BY run_id) AS d
    WHERE d.run_id = r.run_id AND (r.state, r.reason) = ('missed', :restored)
    """
)
_IN_DOUBT = text("SELECT count(*) FROM deliveries WHERE (state, reason) = ('unknown', :restored)")
_PERIODS = text(
    """
    SELECT count(*) FILTER (WHERE state = 'missed') AS not_run, count(*) FILTER (WHERE state <> 'missed') AS in_part
    FROM runs WHERE reason = :restored
    """
)


@dataclass(frozen=True, kw_only=True)
class ToldDelivery:
    """What the lost database had told of a delivery: accepted at an instant, or failed for a reason."""

    delivery_id: str
    rule_id: str
    period: str
    customer_id: str
    as_of_date: date
    totals: Sequence[Money]
    state: str
    reason: str | None
    accepted_at: datetime | None


@dataclass(frozen=True)
class Left:
    """Deliveries in doubt; periods of which nothing is known to have been sent; those known in part alone."""

    in_doubt: int
    not_run: int
    in_part: int


async def hold_runs(connection: Transaction, lost_at: datetime) -> None:
    """Let no run that was due go on: held ones are missed, of running ones nobody more is planned, and they say so."""
    await connection.execute(_MISS_HELD, {"reason": REASON, "lost_at": lost_at})
    await connection.execute(_PLAN_NOBODY_MORE, {"reason": REASON})
    await connection.execute(_FORGET_AUDIENCES)


async def doubt_mails(connection: Transaction) -> list[str]:
    """Every mail that was written and not sent is in doubt from now on; of which deliveries."""
    return list(dict.fromkeys((await connection.execute(_DOUBT, {"reason": REASON})).scalars()))


async def unprepared(connection: Transaction, after: str, limit: int) -> dict[str, str]:
    """Deliveries of which no mail was written, locked, in order of id: whose they are."""
    rows = await connection.execute(_UNPREPARED, {"after": after, "limit": limit})
    return {row.delivery_id: row.customer_id for row in rows}


async def enter_doubt(connection: Transaction, found: Sequence[NewAddress]) -> None:
    """Enter where mails that nobody has the bytes of may have gone."""
    if not found:
        return
    await connection.execute(
        _ENTER_DOUBT,
        [
            {
                "delivery_id": one.delivery_id,
                "n": one.n,
                "address": one.address,
                "state": "skipped" if one.reason else "unknown",
                "reason": one.reason or REASON,
            }
            for one in found
        ],
    )
    await connection.execute(_PREPARED, {"ids": sorted({one.delivery_id for one in found})})


async def skip(connection: Transaction, reasons: Mapping[str, str]) -> None:
    """Skip deliveries that had nowhere to go."""
    await connection.execute(_SKIP, {"ids": list(reasons), "reasons": list(reasons.values())})


async def last_told(connection: Transaction, customer_ids: Sequence[str]) -> dict[str, Position]:
    """The last event of each of some customers that this database knows to have told."""
    rows = await connection.execute(_LATEST, {"ids": list(customer_ids)})
    return {row.customer_id: Position(row.epoch, row.sequence) for row in rows}


async def keep_told(connection: Transaction, told: ToldDelivery) -> None:
    """Keep what became of a delivery, one that is not known here included."""
    facts: dict[str, Any] = {**vars(told), "totals": msgspec.json.encode(told.totals).decode()}
    for statement, names in (
        (_SETTLE_ADDRESSES, ("delivery_id", "state", "reason")),
        (_SETTLE, ("delivery_id", "state", "reason", "accepted_at")),
        (_ENTER, tuple(facts)),
    ):
        await connection.execute(statement, {name: facts[name] for name in names})


async def end(connection: Transaction, now: datetime) -> Left:
    """Runs that are known to have sent something ran; what is left to people."""
    await connection.execute(_CAME_TO_SOMETHING, {"restored": REASON, "now": now})
    in_doubt = (await connection.execute(_IN_DOUBT, {"restored": REASON})).scalar_one()
    periods = (await connection.execute(_PERIODS, {"restored": REASON})).one()
    return Left(in_doubt, periods.not_run, periods.in_part)
