"""What was observed of variables: counted at once over few customers, kept from the worker's last count over many.

Counting goes on in ranges of ids. The row of the count is locked for the length of a range: a worker that dies loses
the lock with its connection, and any other goes on from the watermark.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.observed import Observations, Observed, Range
from services.segmenter.domain.settings import Settings
from services.segmenter.domain.variables import Variable
from services.segmenter.storage.observation_sql import IdRange, next_range, observing_sql

_KEPT = text("SELECT key, currency, loaded, least, greatest, first_on, last_on FROM observations WHERE is_complete")
_STATE = text("SELECT customers, counted_at FROM observation_count")
_ASK = text(
    """
    UPDATE observation_count SET asked_at = :now
    WHERE sole = (SELECT sole FROM observation_count FOR NO KEY UPDATE SKIP LOCKED)
    """
)
_CLAIM = text(
    """
    SELECT counted_at, as_of, asked_at, watermark, begun_of FROM observation_count FOR NO KEY UPDATE SKIP LOCKED
    """
)
_CLEAR = text("DELETE FROM observations WHERE NOT is_complete")
_BEGIN = text("UPDATE observation_count SET watermark = '', begun_at = :now, begun_of = :as_of, seen = 0")
_ADD = """
INSERT INTO observations AS o (is_complete, key, currency, loaded, least, greatest, first_on, last_on)
SELECT false, f.* FROM ({observing}) AS f
ON CONFLICT (is_complete, key, currency) DO UPDATE SET
    loaded = o.loaded + excluded.loaded,
    least = least(o.least, excluded.least), greatest = greatest(o.greatest, excluded.greatest),
    first_on = least(o.first_on, excluded.first_on), last_on = greatest(o.last_on, excluded.last_on)
"""
_ADVANCE = text("UPDATE observation_count SET watermark = :last, seen = seen + :customers")
_FINISH = (
    text("DELETE FROM observations WHERE is_complete"),
    text("UPDATE observations SET is_complete = true"),
    text(
        """
        UPDATE observation_count
        SET counted_at = begun_at, as_of = begun_of, customers = seen, watermark = NULL, asked_at = NULL
        """
    ),
)


@dataclass(frozen=True)
class CountJob:
    """The last count and who asks for another; ``watermark``: customers up to this id are counted, None at rest."""

    counted_at: datetime | None
    as_of: date | None
    asked_at: datetime | None
    watermark: str | None
    begun_of: date | None


async def count_within(
    connection: AsyncConnection,
    variables: Iterable[Variable],
    settings: Settings,
    as_of: date,
    within: IdRange,
    now: datetime,
) -> Observations:
    """Observe variables over a range, now."""
    if within.last is None:
        return Observations(0, now, {variable.key: Observed() for variable in variables})
    statement, given = observing_sql(variables, settings, as_of, within)
    return Observations(within.customers, now, _observed(await connection.execute(text(statement), given)))


async def load_kept(connection: AsyncConnection) -> Observations:
    """What the last complete count observed of all variables."""
    state = (await connection.execute(_STATE)).one()
    return Observations(state.customers, state.counted_at, _observed(await connection.execute(_KEPT)))


async def ask_for_count(connection: AsyncConnection, now: datetime) -> None:
    """Let the worker count again; it is not waited for, and needs no asking while it counts."""
    await connection.execute(_ASK, {"now": now})


async def claim_count(connection: AsyncConnection) -> CountJob | None:
    """The count, for this transaction alone; None while another worker is at it."""
    row = (await connection.execute(_CLAIM)).one_or_none()
    return CountJob(*row) if row else None


async def begin_count(connection: AsyncConnection, as_of: date, now: datetime) -> None:
    """Begin anew, with nobody counted."""
    await connection.execute(_CLEAR)
    await connection.execute(_BEGIN, {"now": now, "as_of": as_of})


async def count_next(
    connection: AsyncConnection,
    variables: Iterable[Variable],
    settings: Settings,
    job: CountJob,
    limit: int,
) -> bool:
    """Count the next customers as of the day the count began on; whether there may be more."""
    within = await next_range(connection, job.watermark or "", limit)
    if within.last is not None and job.begun_of is not None:
        statement, given = observing_sql(variables, settings, job.begun_of, within)
        await connection.execute(text(_ADD.format(observing=statement)), given)
        await connection.execute(_ADVANCE, {"last": within.last, "customers": within.customers})
    if within.customers == limit:
        return True
    for finishing in _FINISH:
        await connection.execute(finishing)
    return False


def _observed(rows: Iterable[Any]) -> dict[str, Observed]:
    loaded: dict[str, int] = defaultdict(int)
    ranges: dict[str, list[Range]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.key, row.currency)):
        loaded[row.key] += row.loaded
        low, high = (row.first_on, row.last_on) if row.least is None else (row.least, row.greatest)
        if low is not None:
            ranges[row.key].append(Range(low, high, row.currency or None))
    return {key: Observed(count, tuple(ranges[key])) for key, count in loaded.items()}
