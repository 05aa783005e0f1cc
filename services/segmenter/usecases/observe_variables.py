"""What is observed of variables now: for the glossary, and for whoever asks why a segment is empty.

Few customers are counted on the spot. Of many the worker's last count is told with its age, and a newer one asked for.
"""

from collections.abc import Sequence
from datetime import date, datetime

from services.segmenter.domain.observed import Observations
from services.segmenter.domain.settings import Settings
from services.segmenter.domain.variables import Variable
from services.segmenter.storage.observation_sql import next_range
from services.segmenter.storage.observations import ask_for_count, count_within, load_kept
from shared.database.engine import Transaction

FEW = 10_000
"""Customers that are counted while someone waits: a second or so."""


async def observe_variables(
    connection: Transaction,
    variables: Sequence[Variable],
    settings: Settings,
    as_of: date,
    now: datetime,
    *,
    few: int = FEW,
) -> Observations:
    """Observe variables over all customers; of more than ``few`` as of the worker's last count."""
    everyone = await next_range(connection, "", few + 1)
    if everyone.customers <= few:
        return await count_within(connection, variables, settings, as_of, everyone, now)
    await ask_for_count(connection, now)
    return await load_kept(connection)
