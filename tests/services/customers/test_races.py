"""Many callers at once: one is first, the others see what it stored; sequences have no gaps and no repeats."""

import asyncio
from collections import Counter
from typing import Any

import httpx

from services.customers.storage import variables
from tests.services.customers.house import House
from tests.services.customers.sentences import a_document, a_payment, a_person, a_variable, an_invoice
from tests.support.eventually import eventually
from tests.support.sessions import count_waiting

MANY = 12


async def _at_once(house: House, *writes: tuple[str, Any]) -> list[httpx.Response]:
    return await asyncio.gather(*(house.put(path, body) for path, body in writes))


def _statuses(answers: list[httpx.Response]) -> dict[int, int]:
    return dict(Counter(answer.status_code for answer in answers))


async def test_the_same_customer_sent_by_many_is_new_once(house: House) -> None:
    answers = await _at_once(house, *[("/customers/ana", a_person())] * MANY)
    assert _statuses(answers) == {201: 1, 200: MANY - 1}
    assert [event.sequence for event in await house.told()] == [1]


async def test_a_customer_sent_by_many_with_other_words_is_told_in_order(house: House) -> None:
    answers = await _at_once(house, *[("/customers/ana", a_person(f"Ana {number}")) for number in range(MANY)])
    assert _statuses(answers) == {201: 1, 200: MANY - 1}
    told = await house.told()
    assert [event.sequence for event in told] == list(range(1, MANY + 1))
    assert (await house.get("/customers/ana")).json()["name"] == told[-1].data["name"]


async def test_the_same_declaration_sent_by_many_is_new_once(house: House) -> None:
    answers = await _at_once(house, *[("/variables/cupo", a_variable("money"))] * MANY)
    assert _statuses(answers) == {201: 1, 200: MANY - 1}
    assert [event.sequence for event in await house.told()] == [1]


async def test_a_document_claimed_by_many_goes_to_one(house: House) -> None:
    claim = a_person(document=a_document("1"))
    answers = await _at_once(house, *[(f"/customers/c{number}", claim) for number in range(MANY)])
    assert _statuses(answers) == {201: 1, 409: MANY - 1}
    [winner] = (await house.get("/customers")).json()["items"]
    losers = [answer.json() for answer in answers if answer.status_code == 409]
    assert {loser["customer_id"] for loser in losers} == {winner["customer_id"]}


async def test_money_facts_at_once_pay_each_peso_once(house: House) -> None:
    await house.put("/customers/ana", a_person())
    payments = [(f"/customers/ana/payments/p{number}", a_payment("10")) for number in range(MANY)]
    invoices = [(f"/customers/ana/invoices/f{number}", an_invoice("10")) for number in range(MANY)]
    answers = await _at_once(house, *payments, *invoices, *payments)
    assert _statuses(answers) == {201: 2 * MANY, 200: MANY}
    assert [event.sequence for event in await house.told()] == list(range(1, 2 * MANY + 2))
    snapshot = (await house.get("/customers/ana/snapshot")).json()
    assert len(snapshot["applications"]) == MANY
    assert {one["balance"]["amount"] for one in snapshot["balances"]} == {"0.00"}


async def test_batches_at_once_over_the_same_customers_all_succeed(house: House) -> None:
    lines = [{"kind": "customer", "customer_id": f"c{number}", **a_person()} for number in range(50)]
    lines += [
        {"kind": "payment", "customer_id": f"c{number}", "id": "p1", **a_payment()} for number in reversed(range(50))
    ]
    answers = await asyncio.gather(*(house.batch(*lines) for _ in range(4)))
    counts = [(answer.json()["accepted"], answer.json()["unchanged"]) for answer in answers]
    assert sorted(counts) == [(0, 100), (0, 100), (0, 100), (100, 0)]
    assert Counter(event.sequence for event in await house.told()) == {1: 50, 2: 50}


async def test_a_choice_cannot_go_while_somebody_takes_it(house: House) -> None:
    await house.put("/variables/nivel", a_variable("choice", choices=["oro", "plata"]))
    async with house.database.transaction() as taking:
        await variables.declared(taking, ["nivel"])
        without = asyncio.create_task(house.put("/variables/nivel", a_variable("choice", choices=["plata"])))
        await eventually(lambda: count_waiting(house.database))
        assert not without.done()
    assert (await without).status_code == 200
