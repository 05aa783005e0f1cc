"""statements with customers who owe, and its worker's steps run as the worker runs them: preparing beside sending."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from services.statements.inbound.events import TYPES
from services.statements.wiring import Tasks
from shared.messaging.batch import Batch, Event, Record, read_record
from tests.bench.billing import Billing
from tests.services.statements.house import House, open_house

EVENTS_EACH = 4
"""An invoice, a failed attempt, its payment, and an invoice that is open."""
_THURSDAY = date(2026, 3, 12)
_BATCH = 2000


@dataclass
class Mailing:
    """Everyone gets a statement with no PDF each monday and thursday."""

    house: House
    customers: int
    day: date = _THURSDAY

    async def hear(self) -> None:
        """Take in what customers tells of everyone."""
        billing = Billing(self.customers, date(2026, 2, 1))
        records = [*billing.registrations(), *billing.events(self.customers * EVENTS_EACH)]
        for start in range(0, len(records), _BATCH):
            await self.house.events.apply(Batch([_read(one) for one in records[start : start + _BATCH]]))
        (await self.house.put_rule("bench", attach_pdf=False)).raise_for_status()

    async def bring_out(self, steps: Tasks | None = None) -> None:
        """The next statement of everyone, from the tick that finds it due to the last answer of the gateway."""
        mine = steps or self.house.steps()
        self.house.clock.set(f"{self.day}T09:00:01-05:00")
        self.day += timedelta(days=4 if self.day.weekday() == 3 else 3)
        await self.house.all_is_heard()
        await mine.record_due_runs()
        await mine.advance_runs()
        await _all(mine.plan_runs)
        preparing = asyncio.create_task(_all(mine.prepare_mails))
        while not preparing.done():
            if not await mine.send_mails():
                await asyncio.sleep(0.005)
        await preparing
        await _all(mine.send_mails)

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
    """Over the fresh database at ``url``, with everyone's facts heard."""
    async with open_house(url, gateway_url=gateway_url) as house:
        mailing = Mailing(house, customers)
        await mailing.hear()
        yield mailing


async def _all(step: Callable[[], Awaitable[bool]]) -> None:
    while await step():
        pass


def _read(record: Record) -> Event:
    event = read_record(record, TYPES)
    if not isinstance(event, Event):
        raise TypeError(event)
    return event
