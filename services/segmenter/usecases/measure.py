"""Measure what the database knows of how the service does, for ``/metrics``."""

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.segmenter.storage.day_turn import DayTurn, load_turn, turn_seconds
from services.segmenter.storage.refreshes import Progress, load_progress
from services.segmenter.storage.webhook_events import oldest_waiting
from services.segmenter.storage.webhooks import count_failing
from shared.basics.days import midnight
from shared.contracts.customers_v1 import TOPIC
from shared.database.engine import Database
from shared.messaging.measuring import measure_hearing, measure_outbox
from shared.runtime import metrics
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class Measure:
    """Sets gauges; reads without locking. ``zone`` is that of business days."""

    database: Database
    clock: Clock
    zone: ZoneInfo

    async def __call__(self) -> None:
        """Measure now."""
        now = self.clock.now()
        async with self.database.transaction() as connection:
            await measure_outbox(connection, now)
            await measure_hearing(connection, now, TOPIC)
            turn, seconds = await load_turn(connection), await turn_seconds(connection)
            refresh = await load_progress(connection)
            webhooks, waiting = await count_failing(connection), await oldest_waiting(connection)
        metrics.DAY_TURN_SECONDS.set(seconds)
        _tell_turn(turn, max(turn.as_of, self.clock.today()), self.zone, now)
        _tell_refresh(refresh)
        for state, count in webhooks.items():
            metrics.WEBHOOKS_FAILING.labels(state).set(count)
        metrics.WEBHOOKS_LATE_SECONDS.set(max(0.0, (now - waiting).total_seconds()) if waiting else 0.0)


def _tell_turn(turn: DayTurn, as_of: date, zone: ZoneInfo, now: datetime) -> None:
    is_first, pending = turn.turned == date.min, max(0, (as_of - turn.turned).days)
    since = midnight(as_of if is_first else turn.turned + timedelta(days=1), zone)
    metrics.DAY_TURN_PENDING.set(pending)
    metrics.DAY_TURN_LATE_SECONDS.set(max(0.0, (now - since).total_seconds()) if pending else 0.0)
    metrics.DAY_TURNED_TO.set(math.nan if is_first else midnight(turn.turned, zone).timestamp())


def _tell_refresh(refresh: Progress | None) -> None:
    metrics.REFRESH_LEFT.set(refresh.total - refresh.done if refresh else 0)
    metrics.REFRESH_DONE_RATIO.set(refresh.done / refresh.total if refresh and refresh.total else 1.0)
    metrics.REFRESH_AGE_SECONDS.set(refresh.age_seconds if refresh else 0.0)
