"""Workers of the segmenter die without warning: nothing is lost, nothing is counted twice, somebody takes over."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from random import Random
from typing import Any

import asyncpg

from tests.journeys.cascada import Cascada
from tests.journeys.listening import Ear
from tests.journeys.same_day.day import SEGMENTS, TODAY, a_good_payer, days_ago
from tests.journeys.same_day.members import partitions_by_member
from tests.journeys.wire import fact_line, ndjson
from tests.oracle.accounts import account, failed, paid
from tests.oracle.cascade import segment_of
from tests.oracle.facts import Account, Payment
from tests.oracle.settings import Settings
from tests.oracle.variables import at, value_of
from tests.support.eventually import eventually

GROUP = "segmenter"
WORKERS = ("segmenter-worker-1", "segmenter-worker-2")
COUNTERS = ("successful_payments", "failed_payments", "consecutive_failed_payments")
STREAM = 5000
BATCH = 250


async def test_killed_during_5000_payments_it_ends_where_a_recompute_ends(cascada: Cascada) -> None:
    accounts = [replace(account(), customer=a_good_payer().customer) for _ in range(250)]
    await cascada.load(accounts, history=False)
    before = await _applied(cascada)

    async with _killed_when(cascada, lambda applied: applied - before >= STREAM // 10) as killed_at:
        await _stream(cascada, accounts, Random(5000))
    assert 0 < killed_at[0] - before < STREAM, "the workers died before or after the stream, not during it"

    async def all_applied() -> bool:
        return await _applied(cascada) - before >= STREAM

    await eventually(all_applied, within=30)
    await cascada.caught_up()
    assert await _applied(cascada) - before == STREAM
    await _stand_as_recomputed(cascada, accounts)
    await _told_as_kept(cascada, accounts)


async def test_two_workers_share_the_partitions_and_the_one_left_takes_over_within_10_seconds(
    cascada: Cascada,
) -> None:
    customers = [a_good_payer(failed(on=days_ago(3))) for _ in range(36)]
    await cascada.load(customers, history=False)
    await eventually(lambda: _shares(cascada, [3, 3]), within=30)
    await eventually(lambda: _all_in(cascada, customers, "buen-pagador"))

    with cascada.stack.nobody_restarts():
        cascada.stack.kill(WORKERS[0])
        second = [fact_line(one.customer.customer_id, failed(on=days_ago(1))) for one in customers]
        await cascada.load_lines(second)
        await eventually(lambda: _all_in(cascada, customers, "pagos-fallidos"), within=10)
        await eventually(lambda: _shares(cascada, [6]))
    await eventually(lambda: _shares(cascada, [3, 3]), within=30)


async def _stream(cascada: Cascada, accounts: list[Account], random: Random) -> None:
    """Payments and failures of all customers, one short batch after another."""
    lines: list[dict[str, Any]] = []
    for _ in range(STREAM):
        one = random.choice(accounts)
        attempt = failed if random.random() < 0.1 else paid
        payment: Payment = attempt(f"{random.randint(1, 10**6)}.50", on=TODAY - timedelta(days=random.randint(0, 200)))
        one.facts.append(payment)
        lines.append(fact_line(one.customer.customer_id, payment))
    for start in range(0, STREAM, BATCH):
        answer = await cascada.batch(ndjson(lines[start : start + BATCH]))
        assert answer.json()["accepted"] == BATCH, answer.text


@asynccontextmanager
async def _killed_when(cascada: Cascada, due: Callable[[int], bool]) -> AsyncIterator[list[int]]:
    """While the block runs, kill both workers at once when so many attempts are applied; yields how many were."""
    killed_at: list[int] = []

    async def kill_in_time() -> None:
        async def is_due() -> bool:
            return due(await _applied(cascada))

        await eventually(is_due, within=30)
        for worker in WORKERS:
            cascada.stack.kill(worker)
        killed_at.append(await _applied(cascada))

    killer = asyncio.create_task(kill_in_time())
    try:
        yield killed_at
        await asyncio.wait_for(killer, 30)
    finally:
        killer.cancel()


async def _applied(cascada: Cascada) -> int:
    """How many payment attempts stand in the segmenter's books."""
    connection = await asyncpg.connect(cascada.stack.env["SEGMENTER_DATABASE_URL"])
    try:
        counted = "SELECT coalesce(sum(successful_payments + failed_payments), 0) FROM behaviour"
        return int(await connection.fetchval(counted))
    finally:
        await connection.close()


async def _shares(cascada: Cascada, expected: list[int]) -> bool:
    return await partitions_by_member(cascada.stack.env["KAFKA_BOOTSTRAP_SERVERS"], GROUP) == expected


async def _all_in(cascada: Cascada, accounts: list[Account], segment_id: str) -> bool:
    segments = await cascada.segments()
    return {segments.get(one.customer.customer_id) for one in accounts} == {segment_id}


async def _stand_as_recomputed(cascada: Cascada, accounts: list[Account]) -> None:
    """Every customer's counters and segment equal the oracle's."""
    segments = await cascada.segments()
    standings = await cascada.standings(one.customer.customer_id for one in accounts)
    for one, standing in zip(accounts, standings, strict=True):
        moment = at(one, TODAY, Settings())
        assert {key: standing["variables"][key] for key in COUNTERS} == {key: value_of(moment, key) for key in COUNTERS}
        assert segments[one.customer.customer_id] == segment_of(moment, SEGMENTS)


async def _told_as_kept(cascada: Cascada, accounts: list[Account]) -> None:
    """The last move told of each customer is where it is now; no move is told twice."""
    segments = await cascada.segments()
    await cascada.caught_up()
    async with Ear(cascada.stack.env["KAFKA_BOOTSTRAP_SERVERS"], "segments.v1") as ear:
        by_customer: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
        for event in await ear.listen():
            if event.type == "segment.assigned":
                by_customer[event.key][event.sequence] = event.data
    for one in accounts:
        told = by_customer[one.customer.customer_id]
        moves = [told[sequence] for sequence in sorted(told)]
        assert moves[-1]["to"]["id"] == segments[one.customer.customer_id]
        assert all(before["to"] == after["from"] for before, after in pairwise(moves))
