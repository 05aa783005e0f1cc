"""Writes of customers: one payment over HTTP against its own statements alone; a bulk load against single writes."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count

import asyncpg
import msgspec

from shared.database.connecting import numerics_as_text, server_settings
from shared.database.direct import PLANS
from tests.bench.callers import Call, call_all, put
from tests.bench.figures import Figure, Goal, compare, per_second
from tests.bench.recording import Recording, recording
from tests.services.customers.house import open_house
from tests.services.customers.sentences import a_payment, a_person
from tests.support.ground import Ground

_CUSTOMERS = 2000
_AT_ONCE = 16
_SINGLES = 2000
_BULK = 10_000
_SAMPLE = {"payment": "sample-payment", "customer": "sample-customer"}


async def measure(ground: Ground) -> list[Figure]:
    """Both figures, over one API process and one database."""
    url = await ground.databases.create("customers")
    payments = Payments()
    sample = await _record_a_payment(url)
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
            return await _play(url, sample, payments)

        return [
            await compare(
                f"one payment over HTTP against its {sample.asked} statements by asyncpg",
                "payments/s",
                limit=statements,
                product=singles,
                goal=Goal(">=", 0.55),
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


async def _record_a_payment(url: str) -> Recording:
    """What the product asks of PostgreSQL for one payment that no invoice waits for."""
    async with open_house(url) as house:
        path = f"/customers/{_SAMPLE['customer']}"
        await house.put(path, a_person())
        async with recording(house.database) as made:
            answer = await house.put(f"{path}/payments/{_SAMPLE['payment']}", a_payment("10.00"))
        if answer.status_code != 201:
            raise RuntimeError(answer.text)
    return made


async def _play(url: str, sample: Recording, payments: Payments) -> float:
    work = [
        sample.about({_SAMPLE["customer"]: customer, _SAMPLE["payment"]: payment})
        for (customer, payment), _ in payments.take(_SINGLES)
    ]
    waiting = iter(work)
    connections = [await _connect(url) for _ in range(_AT_ONCE)]

    async def play_on(connection: asyncpg.Connection) -> None:
        for one in waiting:
            await one.play(connection)

    speed = await per_second(_SINGLES, asyncio.gather(*(play_on(connection) for connection in connections)))
    for connection in connections:
        await connection.close()
    return speed


async def _connect(url: str) -> asyncpg.Connection:
    """As the product connects."""
    connection = await asyncpg.connect(url, server_settings={**server_settings("bench"), **PLANS})
    await numerics_as_text(connection)
    return connection
