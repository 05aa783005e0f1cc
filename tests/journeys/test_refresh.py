"""Actualizar: what the preview named is what moves, whatever dies or arrives in the meantime."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import asyncpg
import pytest

from tests.journeys.cascada import Cascada
from tests.journeys.conftest import StartCascada
from tests.journeys.listening import Ear
from tests.journeys.publishing import draft, preview, progress, publish, refresh, refreshed, reorder
from tests.oracle.accounts import account, an_invoice, failed, paid
from tests.oracle.cascade import Segment, segment_of
from tests.oracle.facts import Account, Fact
from tests.oracle.settings import Settings
from tests.oracle.variables import at, value_of
from tests.support.eventually import eventually

TODAY = date(2026, 3, 2)
CUSTOMERS = 12_000
FAILING = Segment("con-fallos", "Con fallos", {"variable": "failed_payments", "operator": "gte", "value": 1})
PAYING = Segment("pagadores", "Pagadores", {"variable": "successful_payments", "operator": "gte", "value": 1})
OWING = Segment("deudores", "Deudores", {"variable": "total_balance", "operator": "gt", "value": "0"})
FAILING_FIRST = [FAILING, PAYING, OWING]
PAYING_FIRST = [PAYING, FAILING, OWING]

Moved = Counter[tuple[str, str]]


@pytest.fixture(scope="module")
async def cascada(start_cascada: StartCascada) -> Cascada:
    return await start_cascada(clock="2026-03-02T11:00:00-05:00")


@pytest.fixture(scope="module")
async def accounts(cascada: Cascada) -> list[Account]:
    """Enough customers for more than one step of a refresh, in the order of their ids."""
    random = Random(CUSTOMERS)
    accounts = [_somebody(number, random) for number in range(CUSTOMERS)]
    await cascada.load(accounts)
    await cascada.caught_up()
    await eventually(lambda: _all_told(cascada), within=90)
    return accounts


async def test_killed_in_the_middle_it_resumes_and_moves_exactly_whom_the_preview_named(
    cascada: Cascada, accounts: list[Account]
) -> None:
    await publish(cascada, FAILING_FIRST)
    assert await cascada.segments() == _segments(accounts, FAILING_FIRST)
    await reorder(cascada, [segment.segment_id for segment in PAYING_FIRST])
    promised = await preview(cascada)
    assert _cells(promised) == _expected_cells(accounts)
    moved = _moved(accounts)
    assert sum(moved.values()) > 500

    async with _held_up_at(cascada, accounts[-1]):
        refresh_id = await refresh(cascada)
        await eventually(lambda: _in_the_middle(cascada, refresh_id), within=30)
        killed = cascada.stack.kill("segmenter-worker-1")
        assert await _in_the_middle(cascada, refresh_id)
    done = await refreshed(cascada, refresh_id)
    assert cascada.stack.pid_of("segmenter-worker-1") not in (None, killed)

    assert (done["total"], done["changed"]) == (CUSTOMERS, sum(moved.values()))
    await cascada.caught_up()
    assert await cascada.segments() == _segments(accounts, PAYING_FIRST)
    assert await _told(cascada, done["revision"]) == moved


async def test_an_event_during_a_refresh_is_judged_by_the_new_revision(
    cascada: Cascada, accounts: list[Account]
) -> None:
    await publish(cascada, PAYING_FIRST)
    await draft(cascada, FAILING_FIRST)
    waiting = next(one for one in reversed(accounts[:-1]) if _verdict(one, FAILING_FIRST) == "con-fallos")
    customer_id = waiting.customer.customer_id
    assert await cascada.segment_of(customer_id) == "pagadores"

    async with _held_up_at(cascada, waiting):
        refresh_id = await refresh(cascada)
        await eventually(lambda: _in_the_middle(cascada, refresh_id), within=30)
        last = accounts[-1]
        last.facts.append(failed(on=TODAY))
        await cascada.put(last.customer.customer_id, last.facts[-1])
        await eventually(lambda: _is_in(cascada, last, "con-fallos"))
        assert await _in_the_middle(cascada, refresh_id)
        assert await cascada.segment_of(customer_id) == "pagadores"
        assert (await cascada.standing(customer_id))["refreshing"] is True
    await refreshed(cascada, refresh_id)
    assert await cascada.segments() == _segments(accounts, FAILING_FIRST)


def _somebody(number: int, random: Random) -> Account:
    facts: list[Fact] = []
    if random.random() < 0.3:
        facts.append(
            an_invoice(f"{random.randint(1, 9999)}.25", issued_on=TODAY - timedelta(days=random.randint(5, 90)))
        )
    if random.random() < 0.6:
        facts.append(paid(f"{random.randint(1, 5000)}", on=TODAY - timedelta(days=random.randint(0, 90))))
    if random.random() < 0.4 or number == CUSTOMERS - 1:
        facts.append(failed(on=TODAY - timedelta(days=random.randint(0, 90))))
    return account(*facts, customer_id=f"c{number:05}")


def _verdict(one: Account, cascade: list[Segment]) -> str:
    return segment_of(at(one, TODAY, Settings()), cascade)


def _segments(accounts: list[Account], cascade: list[Segment]) -> dict[str, str]:
    return {one.customer.customer_id: _verdict(one, cascade) for one in accounts}


def _pairs(accounts: list[Account]) -> list[tuple[str, str]]:
    return [(_verdict(one, FAILING_FIRST), _verdict(one, PAYING_FIRST)) for one in accounts]


def _moved(accounts: list[Account]) -> Moved:
    return Counter(pair for pair in _pairs(accounts) if pair[0] != pair[1])


Cells = dict[tuple[str, str], tuple[int, Decimal]]


def _expected_cells(accounts: list[Account]) -> Cells:
    """The matrix from → to with customers and balance, the unmoved included."""
    cells: Cells = {}
    for one, pair in zip(accounts, _pairs(accounts), strict=True):
        customers, balance = cells.get(pair, (0, Decimal(0)))
        owed: Decimal = value_of(at(one, TODAY, Settings()), "total_balance").amount
        cells[pair] = (customers + 1, balance + owed)
    return cells


def _cells(promised: dict[str, Any]) -> Cells:
    return {
        (cell["from"], cell["to"]): (
            cell["customers"],
            sum((Decimal(m["amount"]) for m in cell["balance"]), Decimal(0)),
        )
        for cell in promised["matrix"]
    }


@asynccontextmanager
async def _held_up_at(cascada: Cascada, one: Account) -> AsyncIterator[None]:
    """Nobody can write this customer's membership while the block runs, so a refresh waits there."""
    connection = await asyncpg.connect(cascada.stack.env["SEGMENTER_DATABASE_URL"])
    try:
        async with connection.transaction():
            await connection.execute(
                "SELECT FROM membership WHERE customer_id = $1 FOR UPDATE", one.customer.customer_id
            )
            yield
    finally:
        await connection.close()


async def _in_the_middle(cascada: Cascada, refresh_id: str) -> bool:
    found = await progress(cascada, refresh_id)
    return bool(found["state"] == "converging" and 0 < found["done"] < found["total"])


async def _is_in(cascada: Cascada, one: Account, segment_id: str) -> bool:
    return await cascada.segment_of(one.customer.customer_id) == segment_id


async def _all_told(cascada: Cascada) -> bool:
    """The history load is over: everyone has been told of once."""
    async with Ear(cascada.stack.env["KAFKA_BOOTSTRAP_SERVERS"], "segments.v1") as ear:
        told = {event.key for event in await ear.listen() if event.type == "segment.assigned"}
        return len(told) == CUSTOMERS


async def _told(cascada: Cascada, revision: int) -> Moved:
    """The moves that one refresh told, each customer once."""
    async with Ear(cascada.stack.env["KAFKA_BOOTSTRAP_SERVERS"], "segments.v1") as ear:
        told = {(event.key, event.sequence): event.data for event in await ear.listen()}
        moves = [data for data in told.values() if data.get("cause") == "refresh" and data["revision"] == revision]
        assert len({move["customer_id"] for move in moves}) == len(moves)
        return Counter((move["from"]["id"], move["to"]["id"]) for move in moves)
