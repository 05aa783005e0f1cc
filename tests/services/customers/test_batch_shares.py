"""Large batches are loaded in two shares at once, unless customers may want each other's documents."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import cast

import pytest
from sqlalchemy import text

from services.customers.domain.account import Account
from services.customers.domain.asked_money import AskedMoney
from services.customers.domain.change import Asked
from services.customers.domain.customer import AskedCustomer, Document, Particulars
from services.customers.domain.customer_patch import AskedPatch
from services.customers.domain.payment import AskedPayment
from services.customers.usecases.declare_variable import DeclareVariable
from services.customers.usecases.load_batch import Line, LoadBatch
from services.customers.usecases.record_facts import Order, Outcome, Recorded, RecordFacts
from shared.basics.errors import Unavailable
from tests.services.customers.house import House
from tests.services.customers.sentences import a_payment, a_person
from tests.support.eventually import eventually

_LOCK = text("SELECT 1 FROM customers WHERE customer_id = :customer_id FOR UPDATE")
_EACH = 400


def _payment(customer_id: str, number: int) -> AskedPayment:
    return AskedPayment(
        customer_id=customer_id,
        payment_id=f"p{number}",
        status="succeeded",
        amount=AskedMoney(Decimal(1)),
        occurred_at=datetime(2026, 3, 1, tzinfo=UTC),
    )


def _payments(*customer_ids: str) -> list[Asked]:
    """So many of each, taking turns."""
    return [_payment(customer_id, number) for number in range(_EACH) for customer_id in customer_ids]


@dataclass
class Groups:
    """Stands where facts are recorded: everything is a repeat there. ``most`` groups were under way at once."""

    fails_for: str = ""
    taken: list[Asked] = field(default_factory=list)
    now: int = 0
    most: int = 0

    async def group(self, orders: Sequence[Order], *, history: bool) -> list[Outcome]:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.now -= 1
        if any(order.asked.customer_id == self.fails_for for order in orders):
            raise Unavailable("database_unavailable", "away")
        self.taken += [order.asked for order in orders]
        return [Recorded(None, Account(order.asked.customer_id)) for order in orders]

    async def load(self, *asked: Asked) -> list[int]:
        load = LoadBatch(cast(DeclareVariable, None), cast(RecordFacts, self))
        lines = [Line(number, one) for number, one in enumerate(asked, start=1)]
        return [one.number for one in await load(lines, history=False, by="test")]


async def test_two_groups_are_under_way_at_once_and_none_has_a_customer_of_the_other() -> None:
    groups = Groups()
    asked = _payments("bea", "ana", "eva")
    assert await groups.load(*asked) == list(range(1, 3 * _EACH + 1))
    assert groups.most == 2
    for who in ("ana", "bea", "eva"):
        assert [one for one in groups.taken if one.customer_id == who] == [
            one for one in asked if one.customer_id == who
        ]


async def test_what_is_one_customers_is_never_under_way_twice() -> None:
    groups = Groups()
    await groups.load(*_payments("ana"), *_payments("ana"), *_payments("ana"))
    assert groups.most == 1


@pytest.mark.parametrize(
    "carrier",
    [
        AskedCustomer(
            customer_id="luz", particulars=Particulars(type="person", name="Luz", document=Document("CC", "1"))
        ),
        AskedPatch(customer_id="luz", said={"document": None}),
    ],
)
async def test_customers_who_may_want_a_document_are_written_in_their_order(carrier: Asked) -> None:
    groups = Groups()
    await groups.load(*_payments("ana", "bea", "eva"), carrier)
    assert groups.most == 1
    assert [one.customer_id for one in groups.taken] == sorted(one.customer_id for one in groups.taken)


async def test_a_share_that_fails_does_not_cut_the_other_off() -> None:
    groups = Groups(fails_for="ana")
    with pytest.raises(Unavailable):
        await groups.load(*_payments("ana", "eva", "zoe"))
    assert {one.customer_id for one in groups.taken} == {"zoe"}


async def test_a_share_is_kept_while_the_other_waits_for_a_lock(house: House) -> None:
    for who in ("ana", "bea", "eva"):
        await house.put(f"/customers/{who}", a_person())
    lines = [
        {"kind": "payment", "customer_id": who, "id": f"p{number}", **a_payment("1")}
        for number in range(_EACH)
        for who in ("ana", "bea", "eva")
    ]
    async with house.database.transaction() as connection:
        await connection.execute(_LOCK, {"customer_id": "ana"})
        loading = asyncio.create_task(house.batch(*lines, results="all"))
        await eventually(lambda: _tells(house, {"eva"}))
    answer = (await loading).json()
    assert (answer["accepted"], answer["failed"]) == (3 * _EACH, 0)
    assert [line["line"] for line in answer["results"]] == list(range(1, 3 * _EACH + 1))
    told = await house.told()
    for who in ("ana", "bea", "eva"):
        paid = [(one.sequence, one.data["payment_id"]) for one in told if one.key == who and one.sequence > 1]
        assert paid == [(number + 2, f"p{number}") for number in range(_EACH)]


async def _tells(house: House, who: set[str]) -> bool:
    return {one.key for one in await house.told() if one.type == "payment.succeeded"} == who
