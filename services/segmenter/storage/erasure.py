"""An erased customer: blank in its texts, in no segment, count or percentile; its books stay.

``membership`` and ``behaviour`` rows are what lists, counts, judging and percentiles go by: without them nobody finds
the customer again. The position stays with the blank row, so that what is read again is known to be old.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.moves import Departure
from shared.messaging import quarantine
from shared.messaging.sequence import Position

_BLANK = text(
    """
    UPDATE customers SET erased = true, name = '', email = NULL, emails = '{}', phone = NULL, document_number = NULL,
        document_type = NULL, country = NULL, portfolio = NULL, client_type = NULL, language = NULL,
        risk_score = NULL, addresses = '{}', phone_is_placeholder = false, variables = '{}', folded = '{}'
    WHERE customer_id = ANY(CAST(:ids AS text[]))
    """
)
_LEAVE = text(
    """
    WITH gone AS (
        DELETE FROM membership WHERE customer_id = ANY(CAST(:ids AS text[]))
        RETURNING customer_id, sequence + 1 AS sequence, segment_id, told
    ), recorded AS (
        INSERT INTO moves (customer_id, sequence, at, as_of, from_segment, to_segment, cause, revision)
        SELECT customer_id, sequence, CAST(:now AS timestamptz), CAST(:as_of AS date), segment_id, NULL, 'erasure',
            CAST(:revision AS integer)
        FROM gone WHERE told ORDER BY customer_id
    )
    SELECT customer_id, sequence, segment_id FROM gone WHERE told ORDER BY customer_id
    """
)
_CLEAR = text(
    """
    UPDATE alerts SET status = 'cleared'
    WHERE customer_id = ANY(CAST(:ids AS text[])) AND status <> 'cleared'
    """
)
_FORGET = tuple(
    text(f"DELETE FROM {table} WHERE customer_id = ANY(CAST(:ids AS text[]))")
    for table in ("behaviour", "days", "history_pending", "contacts", "alerts_held")
)
_REVIVE = text(
    """
    UPDATE customers c SET erased = false
    FROM unnest(CAST(:ids AS text[]), CAST(:epochs AS bigint[]), CAST(:seqs AS bigint[])) AS n (id, epoch, seq)
    WHERE c.customer_id = n.id AND c.erased AND (c.epoch, c.seq) <= (n.epoch, n.seq)
    """
)
_IS_ERASED = text("SELECT erased FROM customers WHERE customer_id = :customer_id")


async def erase(
    connection: AsyncConnection, ids: Iterable[str], *, as_of: date, revision: int, now: datetime
) -> list[Departure]:
    """Erase customers, whose rows are locked: who left which segment. Who was never told of leaves none."""
    given = {"ids": sorted(ids)}
    if not given["ids"]:
        return []
    await connection.execute(_BLANK, given)
    left = await connection.execute(_LEAVE, {**given, "as_of": as_of, "revision": revision, "now": now})
    departures = [Departure(row.customer_id, row.sequence, row.segment_id) for row in left]
    for statement in (_CLEAR, *_FORGET):
        await connection.execute(statement, given)
    await quarantine.forget(connection, given["ids"])
    return departures


async def revive(connection: AsyncConnection, reached: Mapping[str, Position]) -> None:
    """Take back erasures that the customers' owner knows nothing of: its database was restored."""
    ids = sorted(reached)
    epochs, seqs = [reached[one].epoch for one in ids], [reached[one].seq for one in ids]
    await connection.execute(_REVIVE, {"ids": ids, "epochs": epochs, "seqs": seqs})


async def is_erased(connection: AsyncConnection, customer_id: str) -> bool:
    """Whether a customer was known and is erased."""
    return bool((await connection.execute(_IS_ERASED, {"customer_id": customer_id})).scalar_one_or_none())
