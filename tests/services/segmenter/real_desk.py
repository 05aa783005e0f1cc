"""Customers and segmenter side by side for whole real sets: batch lines go in, standings of everyone come out.

Lines take the product's way, the batch endpoint, the events as they go out, the segmenter's own hearing; presets are
published through the draft. Kafka alone is left out.
"""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import text

from services.segmenter.inbound.events import TYPES
from services.segmenter.usecases.judge_history_load import JudgeHistoryLoad
from shared.contracts.customers_v1 import TOPIC
from shared.contracts.envelope import Envelope, encode_headers
from shared.database.engine import Database
from shared.messaging import outbox
from shared.messaging.batch import Event, Record, read_record
from tests.oracle.lines import Line
from tests.services.customers import house as customers
from tests.services.segmenter.house import DRAFT, House, open_house
from tests.services.segmenter.listener import SetClock

LINES = 10_000
EVENTS = 2_000

Standing = tuple[str, str, str, Decimal, Decimal]
"""Segment, aging bucket, risk level, total and overdue balance."""


@dataclass(frozen=True)
class Desk:
    """The two services, and one business clock for both."""

    owner: customers.House
    house: House

    def go_to(self, day: date) -> None:
        """It is late on a day; nothing is judged by it yet."""
        self.owner.clock.moment = datetime.combine(day + timedelta(days=1), time(4), UTC)
        self.house.segmenter.clock.day = day

    async def load(self, lines: Iterable[Line], *, history: bool) -> int:
        """Send lines as batches; how many were refused."""
        waiting, refused = iter(lines), 0
        while batch := [dict(line) for line in islice(waiting, LINES)]:
            answer = await self.owner.batch(*batch, history=str(history).lower())
            assert answer.status_code == 200, answer.text
            refused += answer.json()["failed"]
        return refused

    async def hear(self) -> int:
        """The segmenter hears what customers tells, to the end, and judges a load that has paused; how many events."""
        heard = 0
        while events := await self._next_events():
            await self.house.segmenter.hears(*events)
            heard += len(events)
        judging = JudgeHistoryLoad(self.house.segmenter.database, self.house.segmenter.clock, pause_seconds=0)
        while await judging.step():
            pass
        return heard

    async def _next_events(self) -> list[Event]:
        async with self.owner.database.transaction() as connection:
            rows = await outbox.unsent(connection, "customers", EVENTS)
            await outbox.forget(connection, [row_id for row_id, _ in rows])
        read = [read_record(_record(event, place), TYPES) for place, event in rows]
        return [event for event in read if isinstance(event, Event)]

    async def presets(self) -> list[dict[str, Any]]:
        """The presets that the segmenter offers."""
        offered: list[dict[str, Any]] = (await self.house.get("/presets"))["items"]
        return offered

    async def publish(self, segments: Sequence[dict[str, Any]]) -> None:
        """Make these segments the cascade in force, and judge everyone by it."""
        for one in (await self.house.get(DRAFT))["segments"][:-1]:
            path = f"{DRAFT}/segments/{one['segment_id']}"
            assert (await self.house.call("DELETE", path, if_match=await self.house.etag(path))).is_success
        await self.house.drafts(*segments)
        asked = f"/refreshes/{(await self.house.asks_refresh())['refresh_id']}"
        while (await self.house.get(asked))["state"] != "done":
            await self._relay()
            await self.house.segmenter.runs_refresh()

    async def _relay(self) -> None:
        """What the segmenter tells goes out, or a refresh would wait for it."""
        async with self.house.segmenter.database.transaction() as connection:
            await connection.execute(text("DELETE FROM outbox"))

    async def everyone(self) -> dict[str, Standing]:
        """Where everyone stands, by the export."""
        answer = await self.house.call("POST", "/customers/export", {})
        rows = csv.DictReader(io.StringIO(answer.text))
        return {row["customer_id"]: _standing(row) for row in rows}


def _standing(row: dict[str, str]) -> Standing:
    segment, bucket, risk = row["segment_id"], row["aging_bucket"], row["risk_level"]
    return segment, bucket, risk, Decimal(row["total_balance"]), Decimal(row["overdue_balance"])


def _record(event: Envelope, place: int) -> Record:
    return Record(TOPIC, 0, place, event.key.encode(), encode_headers(event), event.data)


@asynccontextmanager
async def open_desk(customers_url: str, segmenter_url: str, currency: str) -> AsyncIterator[Desk]:
    """Both services over fresh databases, of a deployment with one currency."""
    database = Database(segmenter_url, name="test")
    async with (
        customers.open_house(customers_url, [currency]) as owner,
        open_house(database, SetClock(date.min), [currency]) as house,
    ):
        yield Desk(owner, house)
    await database.close()
