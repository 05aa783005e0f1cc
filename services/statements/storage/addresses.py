"""The send ledger by address: each its own mail, its attempts, and when it is tried next.

An address changes only under the lock of its delivery (``deliveries.lock``). Leases and pauses are machine time.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from services.statements.domain.sending import Outcome, State
from shared.database.engine import Transaction

LIMITS = """
    LEFT JOIN runs r USING (run_id)
    LEFT JOIN messages m ON (m.customer_id, m.delivery_id) = (d.customer_id, d.delivery_id)
"""
WINDOW_ENDS_AT = "coalesce(r.window_ends_at, m.window_ends_at)"
"""Where the limits of sending of a delivery ``d`` stand, and until when it may be tried."""
_INSERT = text(
    """
    INSERT INTO addresses (delivery_id, n, address, reason, mail, state, next_try_at)
    SELECT *, CASE WHEN mail IS NULL THEN 'skipped' ELSE 'planned' END,
        CASE WHEN mail IS NOT NULL THEN clock_timestamp() END
    FROM unnest(CAST(:ids AS text[]), CAST(:ns AS integer[]), CAST(:addresses AS text[]), CAST(:reasons AS text[]),
        CAST(:mails AS bytea[])) AS entered (delivery_id, n, address, reason, mail)
    """
)
_DUE = text(
    f"""
    SELECT a.delivery_id, a.n, a.mail, a.tries, a.in_doubt, r.stopped_for,
        coalesce(r.is_cut, false) AS is_cut, coalesce(r.send_until_at, m.window_ends_at) AS send_until_at,
        {WINDOW_ENDS_AT} AS window_ends_at
    FROM addresses a JOIN deliveries d USING (delivery_id) {LIMITS}
    WHERE a.delivery_id = ANY(CAST(:ids AS text[])) AND a.next_try_at <= clock_timestamp()
    ORDER BY a.delivery_id, a.n
    """
)
_LOCK_OVER = text(
    f"""
    SELECT delivery_id FROM deliveries WHERE delivery_id IN (
        SELECT a.delivery_id FROM addresses a JOIN deliveries d USING (delivery_id) {LIMITS}
        WHERE a.next_try_at IS NOT NULL AND NOT a.in_doubt AND {WINDOW_ENDS_AT} < :now
        ORDER BY a.next_try_at LIMIT :limit)
    ORDER BY delivery_id FOR UPDATE SKIP LOCKED
    """
)
_SEND = text(
    """
    UPDATE addresses a SET state = 'sending', tries = tries + 1, next_try_at = NULL,
        lease_until = clock_timestamp() + CAST(:lease AS interval),
        first_try_at = coalesce(first_try_at, clock_timestamp())
    FROM unnest(CAST(:ids AS text[]), CAST(:ns AS integer[])) AS due (delivery_id, n)
    WHERE (a.delivery_id, a.n) = (due.delivery_id, due.n)
    """
)
_GIVE_BACK = text(
    """
    UPDATE addresses a SET tries = a.tries - 1, lease_until = NULL,
        state = CASE WHEN in_doubt THEN 'unknown' WHEN mail IS NULL THEN 'skipped' WHEN a.tries = 1 THEN 'planned'
            ELSE 'retry_wait' END,
        reason = CASE WHEN mail IS NULL AND NOT in_doubt THEN 'erased' ELSE reason END,
        next_try_at = CASE WHEN mail IS NOT NULL THEN clock_timestamp() END,
        first_try_at = CASE WHEN a.tries > 1 THEN first_try_at END
    FROM unnest(CAST(:ids AS text[]), CAST(:ns AS integer[]), CAST(:tries AS integer[])) AS due (delivery_id, n, tries)
    WHERE (a.delivery_id, a.n, a.tries) = (due.delivery_id, due.n, due.tries + 1) AND a.state = 'sending'
    """
)
_LOCK_LOST = text(
    """
    SELECT delivery_id FROM deliveries WHERE delivery_id IN (
        SELECT delivery_id FROM addresses WHERE lease_until < clock_timestamp() ORDER BY lease_until LIMIT 20)
    ORDER BY delivery_id FOR UPDATE SKIP LOCKED
    """
)
_LOST = text(
    f"""
    SELECT a.delivery_id, a.n, a.tries, {WINDOW_ENDS_AT} AS window_ends_at
    FROM addresses a JOIN deliveries d USING (delivery_id) {LIMITS}
    WHERE a.delivery_id = ANY(CAST(:ids AS text[])) AND a.lease_until < clock_timestamp()
    ORDER BY a.delivery_id, a.n
    """
)
_READ = text(
    """
    SELECT delivery_id, n, address, state, reason, tries, in_doubt, mail IS NOT NULL AS has_mail,
        coalesce(clock_timestamp() - first_try_at, interval '0') AS age
    FROM addresses WHERE delivery_id = ANY(CAST(:ids AS text[])) ORDER BY delivery_id, n
    """
)
_CHANGED = """
    unnest(CAST(:ids AS text[]), CAST(:ns AS integer[]), CAST(:states AS text[]), CAST(:reasons AS text[]),
        CAST(:again_in AS interval[])) AS c (delivery_id, n, state, reason, again_in)
    WHERE (a.delivery_id, a.n) = (c.delivery_id, c.n)
"""
_CHANGE = text(
    f"""
    UPDATE addresses a SET state = c.state, reason = c.reason, lease_until = NULL,
        in_doubt = in_doubt OR c.state = 'unknown', next_try_at = clock_timestamp() + c.again_in
    FROM {_CHANGED}
    """
)
_IN_DOUBT = text(
    f"""
    SELECT a.delivery_id, a.n, a.mail IS NOT NULL AS has_mail, {WINDOW_ENDS_AT} AS window_ends_at
    FROM addresses a JOIN deliveries d USING (delivery_id) {LIMITS}
    WHERE a.delivery_id = ANY(CAST(:ids AS text[])) AND a.state = 'unknown'
    ORDER BY a.delivery_id, a.n
    """
)
_RESOLVE = text(
    f"""
    UPDATE addresses a SET state = c.state, reason = c.reason, lease_until = NULL, in_doubt = false,
        next_try_at = clock_timestamp() + c.again_in
    FROM {_CHANGED}
    """
)
_BLANK = text(
    """
    UPDATE addresses SET address = '', mail = NULL, next_try_at = NULL,
        reason = CASE WHEN state IN ('planned', 'retry_wait') THEN 'erased' ELSE reason END,
        state = CASE WHEN state IN ('planned', 'retry_wait') THEN 'skipped' ELSE state END
    WHERE delivery_id = ANY(CAST(:ids AS text[]))
    """
)
_MAILS = text("SELECT mail FROM addresses WHERE delivery_id = :delivery_id AND mail IS NOT NULL ORDER BY n")


@dataclass(frozen=True)
class NewAddress:
    """An address of a delivery being prepared: with the bytes of its mail, or skipped for a reason."""

    delivery_id: str
    n: int
    address: str
    reason: str | None
    mail: bytes | None


@dataclass(frozen=True, kw_only=True)
class DueMail:
    """A mail to be sent now, with what its run says about sending."""

    delivery_id: str
    n: int
    mail: bytes
    tries: int
    in_doubt: bool
    stopped_for: str | None
    is_cut: bool
    send_until_at: datetime | None
    window_ends_at: datetime


@dataclass(frozen=True)
class LostMail:
    """A mail whose sender did not come back in time."""

    delivery_id: str
    n: int
    tries: int
    window_ends_at: datetime


@dataclass(frozen=True)
class Doubt:
    """A mail of which nobody knows whether it was sent; ``has_mail``: its bytes are there to be sent again."""

    delivery_id: str
    n: int
    has_mail: bool
    window_ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class AddressRow:
    """An address as it is; ``age`` is machine time since its first attempt."""

    delivery_id: str
    n: int
    address: str
    state: State
    reason: str | None
    tries: int
    in_doubt: bool
    has_mail: bool
    age: timedelta


async def enter(connection: Transaction, found: Sequence[NewAddress]) -> None:
    """Enter the addresses of deliveries; those with a mail are due at once."""
    if found:
        facts = {
            "ids": [one.delivery_id for one in found],
            "ns": [one.n for one in found],
            "addresses": [one.address for one in found],
            "reasons": [one.reason for one in found],
            "mails": [one.mail for one in found],
        }
        await connection.execute(_INSERT, facts)


async def due(connection: Transaction, ids: Collection[str]) -> list[DueMail]:
    """The mails of some deliveries, locked before, that are due."""
    return [DueMail(**row._mapping) for row in await connection.execute(_DUE, {"ids": sorted(ids)})]


async def claim_over(connection: Transaction, now: datetime, limit: int) -> list[DueMail]:
    """Mails that are due and whose window is over, their deliveries locked."""
    ids = list((await connection.execute(_LOCK_OVER, {"now": now, "limit": limit})).scalars())
    return [mail for mail in await due(connection, ids) if mail.window_ends_at < now]


async def send(connection: Transaction, mails: Sequence[DueMail], lease: timedelta) -> None:
    """Note, before the gateway is called, that it is going to be."""
    if mails:
        facts = {"ids": [mail.delivery_id for mail in mails], "ns": [mail.n for mail in mails], "lease": lease}
        await connection.execute(_SEND, facts)


async def give_back(connection: Transaction, mails: Collection[DueMail]) -> None:
    """Undo ``send`` for mails that were not handed to the gateway; nothing is done to what has changed since."""
    facts = {
        "ids": [mail.delivery_id for mail in mails],
        "ns": [mail.n for mail in mails],
        "tries": [mail.tries for mail in mails],
    }
    await connection.execute(_GIVE_BACK, facts)


async def claim_lost(connection: Transaction) -> list[LostMail]:
    """Mails whose lease has ended, their deliveries locked."""
    ids = list((await connection.execute(_LOCK_LOST)).scalars())
    return [LostMail(*row) for row in await connection.execute(_LOST, {"ids": ids})]


async def read(connection: Transaction, ids: Sequence[str]) -> list[AddressRow]:
    """All addresses of some deliveries, in order."""
    return [AddressRow(**row._mapping) for row in await connection.execute(_READ, {"ids": list(ids)})]


Change = tuple[str, int, Outcome]
"""The new state of an address (delivery, place), and when it is tried again, if it is."""


async def change(connection: Transaction, changes: Sequence[Change]) -> None:
    """Keep new states of addresses; a doubt stays noted."""
    if changes:
        await connection.execute(_CHANGE, _arrays(changes))


async def in_doubt(connection: Transaction, ids: Sequence[str]) -> list[Doubt]:
    """The mails of some deliveries that are in doubt."""
    return [Doubt(**row._mapping) for row in await connection.execute(_IN_DOUBT, {"ids": list(ids)})]


async def resolve(connection: Transaction, changes: Sequence[Change]) -> None:
    """Keep new states of addresses whose doubt a person has ended."""
    if changes:
        await connection.execute(_RESOLVE, _arrays(changes))


def _arrays(changes: Sequence[Change]) -> dict[str, Any]:
    pauses = [outcome.again_in for _, _, outcome in changes]
    return {
        "ids": [delivery_id for delivery_id, _, _ in changes],
        "ns": [n for _, n, _ in changes],
        "states": [outcome.state for _, _, outcome in changes],
        "reasons": [outcome.reason for _, _, outcome in changes],
        "again_in": [None if seconds is None else timedelta(seconds=seconds) for seconds in pauses],
    }


async def blank(connection: Transaction, ids: Sequence[str]) -> None:
    """Forget addresses and mails of deliveries whose customer is erased; what was not sent is skipped."""
    await connection.execute(_BLANK, {"ids": list(ids)})


async def mails(connection: Transaction, delivery_id: str) -> list[bytes]:
    """The bytes of a delivery's mails, in order of address."""
    return list((await connection.execute(_MAILS, {"delivery_id": delivery_id})).scalars())
