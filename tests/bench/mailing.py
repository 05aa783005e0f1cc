"""statements with customers who owe, brought out as a worker does it: its loops here, its writer a process beside."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import text

from services.statements.domain.sending import Answer
from services.statements.inbound.events import TYPES
from services.statements.wiring.worker import Tasks, sending, tasks
from services.statements.wiring.writer import run_writer
from shared.messaging.batch import Batch, Event, Record, read_record
from shared.runtime.child_process import Line, starting
from shared.runtime.loops import Bell, StopFlag, run_loops
from tests.bench.billing import Billing
from tests.bench.many_who_owe import multiply
from tests.services.statements.house import House, open_house, settings

EVENTS_EACH = 4
"""An invoice, a failed attempt, its payment, and an invoice that is open."""
_THURSDAY = date(2026, 3, 12)
_BATCH = 2000
_HEARD = 1000
_UNSENT = text("SELECT count(*) FROM deliveries WHERE state IN ('planned', 'sending', 'retry_wait')")


@dataclass
class Mailing:
    """Everyone gets a statement with no PDF each monday and thursday; ``kept`` rings when some were sent."""

    house: House
    steps: Tasks
    writer: Line
    kept: Bell
    stop: StopFlag
    customers: int
    day: date = _THURSDAY
    calls: int = 0

    async def hear(self) -> None:
        """Take in what customers tells of everyone; of a large crowd a part is heard, and the rest owes the same."""
        heard = min(self.customers, _HEARD)
        billing = Billing(heard, date(2026, 2, 1))
        records = [*billing.registrations(), *billing.events(heard * EVENTS_EACH)]
        for start in range(0, len(records), _BATCH):
            await self.house.events.apply(Batch([_read(one) for one in records[start : start + _BATCH]]))
        await multiply(self.house.database, heard, self.customers // heard)
        (await self.house.put_rule("bench", attach_pdf=False)).raise_for_status()

    async def bring_out(self) -> None:
        """The next statement of everyone, from the tick that finds it due to the last answer of the gateway."""
        enough = self.calls + self.customers
        self.house.clock.set(f"{self.day}T09:00:01-05:00")
        self.day += timedelta(days=4 if self.day.weekday() == 3 else 3)
        await self.house.all_is_heard()
        await self.steps.record_due_runs()
        await self.steps.advance_runs()
        self.writer.ring()
        heard = self.kept.rings
        while self.calls < enough or await self._unsent():
            await self.kept.rest(heard, 1.0, self.stop)
            heard = self.kept.rings

    async def _unsent(self) -> int:
        async with self.house.database.transaction() as connection:
            return int((await connection.execute(_UNSENT)).scalar_one())

    async def send(self, key: str, mail: bytes) -> Answer:
        """Call the gateway, and count."""
        answer = await self.house.gateway.send(key, mail)
        self.calls += 1
        return answer

    async def is_out(self) -> None:
        """Check that the latest run sent everyone's mail, so that nothing else was measured.

        Raises
        ------
        RuntimeError
            Some were not sent.
        """
        await self.house.steps().advance_runs()
        run = (await self.house.get("/runs", rule_id="bench"))["items"][0]
        if run["counts"]["accepted"] != self.customers:
            raise RuntimeError(f"not everyone's mail went out: {run}")


@asynccontextmanager
async def a_mailing(url: str, gateway_url: str, customers: int) -> AsyncIterator[Mailing]:
    """Over the database at ``url``; its loops run as long as the block."""
    async with open_house(url, gateway_url=gateway_url) as house:
        written, kept, stop = Bell(), Bell(), StopFlag()
        steps = tasks(house.parts, house.segmenter.asked, house.gateway, kept.ring)
        writer = Line(written)
        beside = starting(("tests.bench.mailing", url, gateway_url), writer)
        working = asyncio.create_task(run_loops(stop, beside, *sending(steps, written)))
        mailing = Mailing(house, steps, writer, kept, stop, customers)
        steps.send_mails.send = mailing.send
        yield mailing
        stop.raise_it()
        await working


def _read(record: Record) -> Event:
    event = read_record(record, TYPES)
    if not isinstance(event, Event):
        raise TypeError(event)
    return event


if __name__ == "__main__":
    asyncio.run(run_writer(settings(*sys.argv[1:]), StopFlag()))
