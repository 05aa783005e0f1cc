"""A statement is of one moment: an event that is applied while it is being read shows in all of it or in none."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

import pytest
from sqlalchemy import text

from tests.oracle.accounts import paid
from tests.services.statements.house import House
from tests.services.statements.telling import told
from tests.services.statements.thursday_run import PERIOD, debtor, planned
from tests.support.eventually import eventually
from tests.support.sessions import count_waiting


@asynccontextmanager
async def held_up_after_invoices(house: House) -> AsyncIterator[None]:
    """Whoever reads accounts in the meantime has read invoices, and waits before payments."""
    async with house.database.transaction() as gate:
        await gate.execute(text("LOCK TABLE due_changes IN ACCESS EXCLUSIVE MODE"))
        yield


async def test_a_payment_in_the_middle_of_the_reading_skips_nobody(house: House) -> None:
    ana = debtor("ana")
    await planned(house, ana)
    while await house.steps().plan_runs():
        pass
    async with held_up_after_invoices(house):
        preparing = asyncio.create_task(house.steps().prepare_mails())
        await eventually(lambda: count_waiting(house.database))
        ana.facts.append(paid("40", on=date(2026, 3, 11)))
        await house.hear(told(ana)[-1])
    await preparing
    [delivery] = (await house.deliveries(await house.run_of("r", PERIOD))).values()
    assert (delivery["state"], delivery["reason"]) == ("planned", None)
    assert [total["amount"] for total in delivery["totals"]] == ["100.00"]


@pytest.mark.parametrize("path", ["/customers/ana/statement", "/rules/r/why"])
async def test_nor_does_it_disturb_who_asks(house: House, path: str) -> None:
    ana = debtor("ana")
    await planned(house, ana)
    async with held_up_after_invoices(house):
        asked = {"content": "full"} if path.endswith("statement") else {"customer_id": "ana", "on": "2026-03-19"}
        asking = asyncio.create_task(house.get(path, **asked))
        await eventually(lambda: count_waiting(house.database))
        ana.facts.append(paid("40", on=date(2026, 3, 11)))
        await house.hear(told(ana)[-1])
    answer = await asking
    if path.endswith("statement"):
        [figures] = answer["currencies"]
        assert (figures["closing"], figures["total"]) == ("100.00", "100.00")
    else:
        assert answer["outcome"] == "planned"
