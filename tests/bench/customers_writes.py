"""Writes of customers: one payment over HTTP against its own statements alone, and against the plain way under a lock,
which is what the product does when another write was first; a bulk load against single writes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from itertools import count

import asyncpg
import msgspec

from shared.database.connecting import numerics_as_text, server_settings
from shared.database.direct import PLANS
from tests.bench.callers import Call, call_all, put
from tests.bench.figures import Figure, Goal, compare, per_second
from tests.bench.recording import Recording, recording
from tests.services.customers.house import House, open_house
from tests.services.customers.sentences import a_payment, a_person
from tests.support.ground import Ground

_CUSTOMERS = 2000
_AT_ONCE = 16
_SINGLES = 2000
_BULK = 10_000
_SAMPLE = {"payment": "sample-payment", "locked": "sample-under-lock", "customer": "sample-customer"}

Play = Callable[[Recording, asyncpg.Connection], Awaitable[None]]
"""A way to send what was recorded."""


async def measure(ground: Ground) -> list[Figure]:
    """Both figures, over one API process and one database."""
    url = await ground.databases.create("customers")
    payments = Payments()
    sample, locked = await _record_payments(url)
    with ExitStack() as opened:
        opened.enter_context(ground.running_api("customers", {"CUSTOMERS_DATABASE_URL": url}))
        api, key = ground.url("customers"), ground.key
        await call_all(api, key, [_batch([_registration(number) for number in range(_CUSTOMERS)])], at_once=1)

        async def singles() -> float:
            calls = [put("/v1/customers/{}/payments/{}".format(*name), body) for name, body in payments.take(_SINGLES)]
            return await per_second(_SINGLES, call_all(api, key, calls, at_once=_AT_ONCE))

        async def bulk() -> float:
            lines = [_line(name, body) for name, body in payments.take(_BULK)]
            return await per_second(_BULK, call_all(api, key, [_batch(lines)], at_once=1))

        async def statements() -> float:
            return await _play(url, sample, payments, Recording.play_alone)

        async def under_a_lock() -> float:
            return await _play(url, locked, payments, Recording.play)

        return [
            await compare(
                f"one payment over HTTP against its {sample.asked} statements by asyncpg",
                "payments/s",
                limit=statements,
                product=singles,
                goal=Goal(">=", 0.55),
            ),
            await compare(
                f"the same against a transaction that locks first, {locked.asked} statements by asyncpg",
                "payments/s",
                limit=under_a_lock,
                product=singles,
            ),
            await compare(
                "a bulk of 10,000 against single writes", "rows/s", limit=singles, product=bulk, goal=Goal(">=", 20)
            ),
        ]


class Payments:
    """New payments, each of another customer than the one before."""

    def __init__(self) -> None:
        self._numbers = count()

    def take(self, wanted: int) -> Iterator[tuple[tuple[str, str], dict[str, object]]]:
        """((customer, payment), body)."""
        for _ in range(wanted):
            number = next(self._numbers)
            yield (f"c{number % _CUSTOMERS:04}", f"p{number}"), a_payment("10.00")


def _registration(number: int) -> dict[str, object]:
    return {"kind": "customer", "customer_id": f"c{number:04}", **a_person()}


def _line(name: tuple[str, str], body: dict[str, object]) -> dict[str, object]:
    return {"kind": "payment", "customer_id": name[0], "id": name[1], **body}


def _batch(lines: list[dict[str, object]]) -> Call:
    content = b"\n".join(msgspec.json.encode(line) for line in lines)
    return Call("POST", "/v1/batches", content, "application/x-ndjson")


async def _record_payments(url: str) -> tuple[Recording, Recording]:
    """What the product asks of PostgreSQL for a payment that no invoice waits for: as a rule, and under a lock."""
    async with open_house(url) as house:
        await house.put(f"/customers/{_SAMPLE['customer']}", a_person())
        plain = await _record(house, _SAMPLE["payment"])
        return plain, await _record(house, _SAMPLE["locked"], **{"If-None-Match": "*"})


async def _record(house: House, payment_id: str, **headers: str) -> Recording:
    path = f"/customers/{_SAMPLE['customer']}/payments/{payment_id}"
    async with recording(house.database) as made:
        answer = await house.put(path, a_payment("10.00"), **headers)
    if answer.status_code != 201:
        raise RuntimeError(answer.text)
    return made


async def _play(url: str, sample: Recording, payments: Payments, play: Play) -> float:
    work = [
        sample.about({_SAMPLE["customer"]: customer, _SAMPLE["payment"]: payment, _SAMPLE["locked"]: payment})
        for (customer, payment), _ in payments.take(_SINGLES)
    ]
    waiting = iter(work)
    connections = [await _connect(url) for _ in range(_AT_ONCE)]
    # What was recorded is a customer's second event, and says so: each takes one of these a play.
    await connections[0].execute("UPDATE customers SET seq = 1")

    async def play_on(connection: asyncpg.Connection) -> None:
        for one in waiting:
            await play(one, connection)

    speed = await per_second(_SINGLES, asyncio.gather(*(play_on(connection) for connection in connections)))
    for connection in connections:
        await connection.close()
    return speed


async def _connect(url: str) -> asyncpg.Connection:
    """As the product connects."""
    connection = await asyncpg.connect(url, server_settings={**server_settings("bench"), **PLANS})
    await numerics_as_text(connection)
    return connection
