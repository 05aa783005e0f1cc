"""Runs that ask the segmenter for whom they are, and the customers it named.

Whoever asks holds the run by a lease (machine time) and its number of the asking, so that of two workers that think
they ask only the later one is heard. What was named is kept until the audience is planned.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from shared.database.engine import Transaction

_LET_ASK = text("UPDATE runs SET may_ask = true, ask_again_at = clock_timestamp() WHERE run_id = :run_id")
_CLAIM = text(
    """
    UPDATE runs SET asks = asks + 1, ask_again_at = clock_timestamp() + CAST(:lease AS interval)
    WHERE run_id = (
        SELECT run_id FROM runs WHERE state = 'held' AND may_ask AND ask_again_at <= clock_timestamp()
        ORDER BY due_at, rule_id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING run_id, rule_id, rule_version, due_at, window_ends_at, asks
    """
)
_HOLD = text(
    """
    UPDATE runs SET ask_again_at = clock_timestamp() + CAST(:lease AS interval)
    WHERE run_id = :run_id AND asks = :asks AND state = 'held'
    RETURNING run_id
    """
)
_FORGET = text("DELETE FROM run_audience WHERE run_id = :run_id")
_ADD = text(
    """
    INSERT INTO run_audience (customer_id, run_id)
    SELECT id, CAST(:run_id AS text) FROM unnest(CAST(:ids AS text[])) AS n (id) ORDER BY id
    ON CONFLICT DO NOTHING
    """
)
_NEXT = text(
    """
    SELECT customer_id FROM run_audience WHERE run_id = :run_id AND customer_id > :after
    ORDER BY customer_id LIMIT :limit
    """
)


@dataclass(frozen=True)
class AskingRun:
    """A held run that is asking, for the how-manieth time."""

    run_id: str
    rule_id: str
    rule_version: int
    due_at: datetime
    window_ends_at: datetime
    asks: int


async def let_ask(connection: Transaction, run_id: str) -> None:
    """Let a held run ask for its audience."""
    await connection.execute(_LET_ASK, {"run_id": run_id})


async def claim(connection: Transaction, lease: timedelta) -> AskingRun | None:
    """A run that may ask now, leased; what an earlier asking left is forgotten."""
    row = (await connection.execute(_CLAIM, {"lease": lease})).one_or_none()
    if row is None:
        return None
    await connection.execute(_FORGET, {"run_id": row.run_id})
    return AskingRun(**row._mapping)


async def still_asks(connection: Transaction, run: AskingRun, lease: timedelta) -> bool:
    """Whether the run is still this asking's own; its row is locked and its lease prolonged."""
    facts = {"run_id": run.run_id, "asks": run.asks, "lease": lease}
    return (await connection.execute(_HOLD, facts)).first() is not None


async def add(connection: Transaction, run_id: str, customer_ids: Sequence[str]) -> None:
    """Keep customers that the segmenter named."""
    await connection.execute(_ADD, {"run_id": run_id, "ids": list(customer_ids)})


async def next_customers(connection: Transaction, run_id: str, after: str, limit: int) -> list[str]:
    """The customers named that follow an id, in order."""
    facts = {"run_id": run_id, "after": after, "limit": limit}
    return list((await connection.execute(_NEXT, facts)).scalars())


async def forget(connection: Transaction, run_id: str) -> None:
    """Forget whom the segmenter named: the audience is planned."""
    await connection.execute(_FORGET, {"run_id": run_id})
