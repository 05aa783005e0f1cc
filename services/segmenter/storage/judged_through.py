"""Up to which instant (business time) everything is in everyone's segment: what was heard, was judged, and turned."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.segmenter.domain.progress import segments_through
from services.segmenter.storage.day_turn import load_turn
from shared.contracts.customers_v1 import TOPIC
from shared.messaging.hearing import facts_through

_LOADING = text("SELECT EXISTS (SELECT FROM history_pending)")


async def judged_through(connection: AsyncConnection, zone: ZoneInfo) -> datetime | None:
    """The instant; None while nobody can say: before all was heard, or while a history load waits to be judged."""
    turn = await load_turn(connection)
    through = segments_through(await facts_through(connection, TOPIC), turn.turned, zone)
    # Each statement sees what was committed until then: asked last, no load that those facts began is missed.
    return None if (await connection.execute(_LOADING)).scalar_one() else through
