"""Statements from a due period to the gateway's answer, against the calls alone; and the memory this takes.

The limit hands the very mails of a run to the same gateway through the same clients, ten at once. Memory is that of
100,000 customers, which takes minutes; ``BENCH_MAILS=10000`` makes it fewer.
"""

import asyncio
import os
from collections.abc import Iterator

from services.statements.domain.sending import Answer
from services.statements.outbound.gateways import MailGateway
from tests.bench.figures import Figure, Goal, compare, figure, per_second
from tests.bench.local_gateway import running_gateway
from tests.bench.mailing import Mailing, a_mailing
from tests.bench.sending_memory import peak_of_sending
from tests.support.ground import Ground

_CUSTOMERS = 3_000
_FEW, _MANY = 1_000, int(os.environ.get("BENCH_MAILS", "100000"))
_AT_ONCE = 10

Mails = list[tuple[str, bytes]]
"""Idempotency keys with the bytes they go with."""


async def measure(ground: Ground) -> list[Figure]:
    """Sending against the gateway's calls, then memory at two sizes."""
    async with running_gateway() as gateway_url:
        return [await _against_the_calls(ground, gateway_url), await _memory(ground, gateway_url)]


async def _against_the_calls(ground: Ground, gateway_url: str) -> Figure:
    url = await ground.databases.create("statements")
    async with a_mailing(url, gateway_url, _CUSTOMERS) as mailing:
        await mailing.hear()
        mails = await _mails_of_a_run(mailing)

        async def calls_alone() -> float:
            return await per_second(len(mails), _send(mailing.house.gateway, mails))

        async def statements() -> float:
            speed = await per_second(_CUSTOMERS, mailing.bring_out())
            await mailing.is_out()
            return speed

        name = "statements, HTML and text, against the gateway's calls alone"
        return await compare(name, "mails/s", limit=calls_alone, product=statements, goal=Goal(">=", 0.6))


async def _mails_of_a_run(mailing: Mailing) -> Mails:
    """Bring out one run, and keep what the gateway was handed."""
    sending, mails = mailing.steps.send_mails, Mails()

    async def heard(key: str, mail: bytes) -> Answer:
        mails.append((key, mail))
        return await mailing.send(key, mail)

    sending.send = heard
    await mailing.bring_out()
    sending.send = mailing.send
    return mails


async def _send(gateway: MailGateway, mails: Mails) -> None:
    waiting = iter(mails)
    await asyncio.gather(*(_send_some(gateway, waiting) for _ in range(_AT_ONCE)))


async def _send_some(gateway: MailGateway, waiting: Iterator[tuple[str, bytes]]) -> None:
    for key, mail in waiting:
        if (await gateway.send(key, mail)).kind != "accepted":
            raise RuntimeError("the gateway did not take a mail")


async def _memory(ground: Ground, gateway_url: str) -> Figure:
    peaks = []
    for customers in (_FEW, _MANY):
        url = await ground.databases.create("statements")
        async with a_mailing(url, gateway_url, customers) as mailing:
            await mailing.hear()
        peaks.append(await peak_of_sending(url, gateway_url, customers))
    name = f"memory of sending to {_MANY:,} customers against {_FEW:,}"
    return figure(name, "MiB", [(peaks[0], peaks[1])], Goal("<=", 1.3))
