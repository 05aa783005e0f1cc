"""New payments are taken without a lock, and are as exact as if there were one."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from sqlalchemy import text

from services.customers.domain.payment import AskedPayment
from services.customers.storage.looking import Look, look_at
from services.customers.usecases import take_payment
from services.customers.usecases.record_facts import RecordFacts
from shared.database.engine import Transaction
from tests.services.customers.house import House
from tests.services.customers.sentences import a_payment, a_person, an_invoice, for_invoice
from tests.support.eventually import eventually
from tests.support.sessions import is_alone

_DEADLOCKS = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")


@contextmanager
def _after_looking(meanwhile: Callable[[], Awaitable[object]]) -> Iterator[None]:
    """Let something happen once, between the look of a payment and its writing."""
    waiting = [meanwhile]

    async def look(connection: Transaction, asked: AskedPayment) -> Look | None:
        seen = await look_at(connection, asked)
        if waiting:
            await waiting.pop()()
        return seen

    with patch.object(take_payment, "look_at", look):
        yield


async def test_a_new_payment_takes_no_lock_and_pays_what_it_names_and_what_is_due(house: House) -> None:
    await house.put("/customers/ana", a_person())
    for number in range(3):
        await house.put(f"/customers/ana/invoices/f{number}", an_invoice("10"))
    named = a_payment("15.5000", allocations=[for_invoice("f2", "9.25")])
    with patch.object(RecordFacts, "group", side_effect=AssertionError("it was decided under a lock")):
        answer = await house.put("/customers/ana/payments/p1", named)
    assert (answer.status_code, answer.json()["unapplied"]["amount"]) == (201, "0.00")
    balances = [(await house.get(f"/customers/ana/invoices/f{n}")).json()["balance"]["amount"] for n in range(3)]
    assert balances == ["3.75", "10.00", "0.75"]
    assert [one.sequence for one in await house.told()] == [1, 2, 3, 4, 5]


async def test_what_another_wrote_after_the_look_is_not_paid_twice(house: House) -> None:
    await house.put("/customers/ana", a_person())
    await house.put("/customers/ana/invoices/f1", an_invoice("10"))
    with _after_looking(lambda: house.put("/customers/ana/payments/p1", a_payment("10"))):
        answer = await house.put("/customers/ana/payments/p2", a_payment("10"))
    assert (answer.status_code, answer.json()["unapplied"]["amount"]) == (201, "10.00")
    assert [one.sequence for one in await house.told()] == [1, 2, 3, 4]


async def test_sequences_have_no_repeat_though_both_looked_at_the_same(house: House) -> None:
    await house.put("/customers/ana", a_person())
    with _after_looking(lambda: house.put("/customers/ana/payments/p1", a_payment("10"))):
        assert (await house.put("/customers/ana/payments/p2", a_payment("10"))).status_code == 201
    assert [one.sequence for one in await house.told()] == [1, 2, 3]


async def test_the_same_payment_of_another_after_the_look_is_a_repeat(house: House) -> None:
    await house.put("/customers/ana", a_person())
    with _after_looking(lambda: house.put("/customers/ana/payments/p1", a_payment("10"))):
        answer = await house.put("/customers/ana/payments/p1", a_payment("10"))
    assert answer.status_code == 200
    assert len(await house.told()) == 2


async def test_an_erasure_after_the_look_is_seen(house: House) -> None:
    await house.put("/customers/ana", a_person())
    with _after_looking(lambda: house.http.delete("/v1/customers/ana")):
        answer = await house.put("/customers/ana/payments/p1", a_payment("10"))
    assert answer.status_code == 410


async def test_writers_with_and_without_a_lock_never_wait_for_each_other_in_a_ring(house: House) -> None:
    await house.put("/customers/ana", a_person())
    writes = [(f"/customers/ana/invoices/f{n}", an_invoice("10")) for n in range(20)]
    writes += [(f"/customers/ana/payments/p{n}", a_payment("7")) for n in range(30)]
    answers = await asyncio.gather(*(house.put(path, body) for path, body in [*writes, *writes]))
    assert sorted(answer.status_code for answer in answers) == [200] * 50 + [201] * 50
    await house.database.close()
    await eventually(lambda: is_alone(house.database))
    async with house.database.transaction() as connection:
        assert (await connection.execute(_DEADLOCKS)).scalar_one() == 0
