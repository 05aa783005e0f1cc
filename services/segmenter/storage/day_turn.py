"""The day that assignment judges by: one row, begun by whoever first sees the new day, turned in key ranges.

Transactions that judge hold the row ``FOR KEY SHARE``; beginning a day takes it ``FOR UPDATE``, so nobody is left at
yesterday's verdict. Moving the watermark is a plain update, which waits for neither. ``as_of`` never goes back.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_SEEN = text("SELECT as_of FROM day_turn")
_BEGIN = (
    text("SELECT 1 FROM day_turn FOR UPDATE"),
    text("UPDATE day_turn SET as_of = :today, watermark = '', begun_at = clock_timestamp() WHERE as_of < :today"),
)
_LEFT = text("SELECT NOT done OR as_of < :today FROM day_turn")
_HOLD = text("SELECT as_of FROM day_turn FOR KEY SHARE")
_CLAIM = text("SELECT watermark FROM day_turn WHERE NOT done FOR NO KEY UPDATE SKIP LOCKED")
_ADVANCE = text("UPDATE day_turn SET watermark = :watermark")
_FINISH = text("UPDATE day_turn SET turned = as_of, finished_at = clock_timestamp()")
_STATE = text("SELECT as_of, turned, watermark FROM day_turn")
_SECONDS = text(
    """
    SELECT CAST(extract(epoch FROM (CASE WHEN done THEN finished_at ELSE clock_timestamp() END) - begun_at) AS float)
    FROM day_turn
    """
)


@dataclass(frozen=True)
class DayTurn:
    """``as_of``: the day that verdicts are of; ``turned``: the last day for which everyone was judged.

    ``watermark``: customers up to this id are judged as of ``as_of`` already.
    """

    as_of: date
    turned: date
    watermark: str


async def hold_day(connection: AsyncConnection, today: date) -> date:
    """The day to judge by, begun if it is new; it stays so until the transaction ends."""
    if (await connection.execute(_SEEN)).scalar_one() < today:
        lock, begin = _BEGIN
        await connection.execute(lock)
        await connection.execute(begin, {"today": today})
    as_of: date = (await connection.execute(_HOLD)).scalar_one()
    return as_of


async def is_turn_left(connection: AsyncConnection, today: date) -> bool:
    """Whether somebody is still to be judged as of today, at a glance that holds nothing."""
    return bool((await connection.execute(_LEFT, {"today": today})).scalar_one())


async def claim_turn(connection: AsyncConnection) -> str | None:
    """Up to which customer the present day is turned; None when it is done, or another worker is at it."""
    watermark: str | None = (await connection.execute(_CLAIM)).scalar_one_or_none()
    return watermark


async def advance_turn(connection: AsyncConnection, watermark: str | None) -> None:
    """Note that the day is turned up to a customer, or (None) for everyone."""
    if watermark is None:
        await connection.execute(_FINISH)
    else:
        await connection.execute(_ADVANCE, {"watermark": watermark})


async def load_turn(connection: AsyncConnection) -> DayTurn:
    """Where the day turn stands."""
    row = (await connection.execute(_STATE)).one()
    return DayTurn(row.as_of, row.turned, row.watermark)


async def turn_seconds(connection: AsyncConnection) -> float:
    """Machine time that the last turn took, or the one under way so far; 0 while nobody knows."""
    seconds: float | None = (await connection.execute(_SECONDS)).scalar_one()
    return seconds or 0.0
