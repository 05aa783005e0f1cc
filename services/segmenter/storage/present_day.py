"""The day that questions are answered as of: today, and never before the day that verdicts are of."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.storage.day_turn import load_turn


async def present_day(connection: AsyncConnection, today: date) -> date:
    """``today`` by the business clock, or the day of the turn where another process is ahead of us."""
    return max(today, (await load_turn(connection)).as_of)
