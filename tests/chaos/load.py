"""The load: writers that put invoices and payments through the customers API, each customer having one writer.

So the order of a customer's writes is known. A call without an answer is repeated by every other writer until there is
one, as an integrator does; the rest stay unknown. Writers go on whatever happens.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from random import Random

from tests.chaos.calling import call
from tests.chaos.history import History, Write, Written
from tests.chaos.shapes import Shapes
from tests.journeys.wire import customer_body, fact_body, fact_path
from tests.oracle.facts import BUSINESS_ZONE, Customer, Invoice, Payment

RESERVED = 40
_WRITERS = 8
_PAUSE_SECONDS = 0.3
_DAYS_BACK = 75


@dataclass
class Load:
    """``today`` is what the writers take for the business date; ``a_second`` how many writes they try to make."""

    url: str
    key: str
    shapes: Shapes
    today: date
    a_second: float
    history: History = field(default_factory=History)
    dice: Random = field(default_factory=lambda: Random(2026))
    _numbers: "count[int]" = field(default_factory=count)

    async def register(self, customers: int) -> None:
        """Bring customers into being; every one must be accepted."""
        wanted = [self._somebody(number) for number in range(customers)]
        for start in range(0, customers, _WRITERS):
            await asyncio.gather(*map(self._register, wanted[start : start + _WRITERS]))

    def _somebody(self, number: int) -> Customer:
        customer_id = f"caos-{number:04}"
        return Customer(
            customer_id=customer_id,
            name=f"Cliente {number}",
            registered_on=self.today - timedelta(days=400),
            type=self.dice.choice(["person", "company"]),
            portfolio=self.dice.choice([None, None, "acuerdo"]),
            email=f"{customer_id}@correo.demo",
        )

    async def _register(self, customer: Customer) -> None:
        path = f"/customers/{customer.customer_id}"
        answer = await call(self.url, self.key, "PUT", path, customer_body(customer))
        assert answer is not None, "no answer"
        assert answer.status == 201, answer.body
        self.history.registered(customer)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Writers write while the block runs; at its end every call under way is waited for."""
        stop = asyncio.Event()
        ids = sorted(self.history.customers)[:-RESERVED]
        lanes = [ids[lane::_WRITERS] for lane in range(_WRITERS)]
        writing = [asyncio.create_task(self._write_on(lane, ids, stop)) for lane, ids in enumerate(lanes) if ids]
        try:
            yield
        finally:
            stop.set()
            await asyncio.gather(*writing)

    @property
    def reserved(self) -> list[str]:
        """Customers that no writer writes of, so that a fault may, one call at a time of each."""
        return sorted(self.history.customers)[-RESERVED:]

    async def all_at_once(self, writes: int) -> None:
        """One write of each of so many reserved customers, all at the same time."""
        await asyncio.gather(*map(self.write, self.reserved[:writes]))

    async def _write_on(self, lane: int, ids: Sequence[str], stop: asyncio.Event) -> None:
        patient = lane % 2 == 0
        while not stop.is_set():
            customer_id = self.dice.choice(ids)
            await self.write(customer_id)
            while patient and not stop.is_set() and self.history.of[customer_id][-1].outcome == "unknown":
                await _rest(stop, _PAUSE_SECONDS)
                await self._put(self.history.of[customer_id][-1])
            await _rest(stop, self.dice.uniform(0.5, 1.5) * _WRITERS / self.a_second)

    async def write(self, customer_id: str) -> int | None:
        """One new fact of a customer; the status it was answered."""
        return await self._put(self.history.asks(customer_id, self._fact(customer_id)))

    async def _put(self, write: Write) -> int | None:
        path = fact_path(write.customer_id, write.fact)
        answer = await call(self.url, self.key, "PUT", path, fact_body(write.fact))
        write.answered(answer.status if answer else None)
        return write.statuses[-1]

    def _fact(self, customer_id: str) -> Written:
        """An invoice, or an attempt to pay, of one of the last days; today counts most."""
        number, back = next(self._numbers), self.dice.choice([0, self.dice.randint(0, _DAYS_BACK)])
        day = self.today - timedelta(days=back)
        if self.dice.random() < 0.4:
            amount, due_in = self.dice.choice(self.shapes.invoices)
            return Invoice(invoice_id=f"f-{number}", issued_on=day, due_on=day + timedelta(days=due_in), amount=amount)
        amount, status = self.dice.choice(self.shapes.attempts)
        return Payment(
            payment_id=f"p-{number}",
            occurred_at=datetime.combine(day, time.min, BUSINESS_ZONE),
            amount=amount,
            status=status,
        )


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
