"""The gauges of what every service's database knows of its messages."""

import math
from datetime import datetime

from sqlalchemy import text

from shared.database.engine import Transaction
from shared.messaging import walks
from shared.messaging.hearing import count_troubles, events_behind, facts_through
from shared.runtime import metrics

_OUTBOX = text("SELECT count(*) AS unsent, min(time) AS oldest FROM outbox")


async def measure_outbox(connection: Transaction, now: datetime) -> None:
    """How many events wait for Kafka, and how long; ``now`` is business time, as their instants are."""
    row = (await connection.execute(_OUTBOX)).one()
    metrics.OUTBOX_UNSENT.set(row.unsent)
    metrics.OUTBOX_AGE_SECONDS.set(max(0.0, (now - row.oldest).total_seconds()) if row.oldest else 0.0)


async def measure_hearing(connection: Transaction, now: datetime, *topics: str) -> None:
    """Who is behind, what could not be read or is still to be, up to when these topics are heard, how old walks are."""
    behind, quarantined = await count_troubles(connection)
    through = await facts_through(connection, *topics)
    for walk, seconds in (await walks.ages(connection)).items():
        metrics.WALK_AGE_SECONDS.labels(walk).set(math.nan if seconds is None else seconds)
    metrics.CUSTOMERS_BEHIND.set(behind)
    metrics.QUARANTINED.set(quarantined)
    metrics.EVENTS_BEHIND.set(await events_behind(connection))
    metrics.FACTS_AGE_SECONDS.set(max(0.0, (now - through).total_seconds()) if through else math.nan)
