"""Erasing: nothing personal is left anywhere, the books stay, and the id is never used again."""

import asyncio
import re
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from services.customers.inbound.http.app import create
from shared.contracts.customers_snapshots import Snapshot
from tests.services.customers.house import House
from tests.services.customers.sentences import (
    a_credit_note,
    a_dispute,
    a_document,
    a_failure,
    a_payment,
    a_person,
    a_promise,
    a_subscription,
    a_variable,
    an_invoice,
)

SECRET = "Secreto"


@pytest.fixture
async def ana(house: House) -> House:
    """Ana, with a secret in every text there is, whom nobody has erased yet."""
    await house.put("/variables/asesor", a_variable("text"))
    said = dict.fromkeys(("phone", "language", "country", "portfolio", "client_type"), SECRET)
    await house.put(
        "/customers/ana",
        a_person(
            SECRET,
            email=f"{SECRET}@correo.demo",
            emails=[f"{SECRET}2@correo.demo"],
            document=a_document(SECRET, SECRET),
            risk_score=77.25,
            variables={"asesor": SECRET},
            **said,
        ),
    )
    lines = [{"description": SECRET, "amount": "100"}]
    await house.put("/customers/ana/invoices/f1", an_invoice("100", number="A-1", description=SECRET, lines=lines))
    await house.put("/customers/ana/payments/p1", a_payment("60", method=SECRET))
    await house.put("/customers/ana/payments/p2", a_failure("60", failure_reason=SECRET))
    await house.put("/customers/ana/payments/p1/refunds/r1", {"amount": "10", "reason": SECRET})
    await house.put("/customers/ana/invoices/f2", an_invoice("5"))
    await house.http.post("/v1/customers/ana/invoices/f2/void", json={"reason": SECRET})
    await house.put("/customers/ana/credit-notes/n1", a_credit_note("3"))
    await house.put("/customers/ana/subscriptions/s1", a_subscription(interval=SECRET))
    await house.put("/customers/ana/disputes/d1", a_dispute(category=SECRET, invoice_id="f1"))
    await house.put("/customers/ana/promises/m1", a_promise())
    return house


async def erase(house: House, **headers: str) -> Any:
    return await house.http.delete("/v1/customers/ana", headers=headers)


async def test_erasing_is_told_last_and_may_be_repeated(ana: House) -> None:
    wakes = len(ana.wakes)
    for _ in range(2):
        answer = await erase(ana)
        assert (answer.status_code, answer.content) == (204, b"")
    told = await ana.told()
    assert [event.type for event in told].count("customer.erased") == 1
    assert (told[-1].type, told[-1].data, told[-1].key) == ("customer.erased", {"customer_id": "ana"}, "ana")
    anas = [event.sequence for event in told if event.key == "ana"]
    assert anas == list(range(1, len(anas) + 1))
    assert len(ana.wakes) == wakes + 1
    head = {"customer_id": "ana", "epoch": 1, "seq": len(anas)}
    assert (await ana.get("/heads")).json()["items"] == [head]


async def test_who_is_not_there_or_was_changed_since_is_not_erased(ana: House) -> None:
    assert (await ana.http.delete("/v1/customers/nobody")).json()["code"] == "unknown_customer"
    assert (await erase(ana, **{"If-Match": '"x"'})).status_code == 412
    assert (await ana.get("/customers/ana")).status_code == 200


async def test_no_table_holds_anything_personal(ana: House) -> None:
    await erase(ana)
    async with ana.database.transaction() as connection:
        tables = text("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        names = [row.table_name for row in await connection.execute(tables)]
        for name in set(names) - {"outbox"}:  # events on their way are the topic's, whose retention bounds them
            rows = (await connection.execute(text(f'SELECT CAST(held AS text) AS held FROM "{name}" AS held'))).all()
            for row in rows:
                assert SECRET.lower() not in row.held.lower(), name
                assert "77.25" not in row.held, name


async def test_the_books_stay_in_the_snapshot(ana: House) -> None:
    before = msgspec.json.decode((await ana.get("/customers/ana/snapshot")).content, type=Snapshot)
    await erase(ana)
    answer = await ana.get("/customers/ana/snapshot")
    assert (answer.status_code, SECRET in answer.text) == (200, False)
    after = msgspec.json.decode(answer.content, type=Snapshot)
    assert (after.erased, after.seq, after.customer.name) == (True, before.seq + 1, "")
    assert (after.customer.currency, after.customer.registered_on) == ("COP", before.customer.registered_on)
    assert (after.applications, after.balances) == (before.applications, before.balances)
    assert [(one.amount, one.due_on, one.number) for one in after.invoices] == [
        (one.amount, one.due_on, one.number) for one in before.invoices
    ]
    assert [(one.amount, one.status) for one in after.payments] == [(one.amount, one.status) for one in before.payments]
    assert [(one.amount, one.seq) for one in after.refunds] == [(one.amount, one.seq) for one in before.refunds]
    assert (after.promises, after.credit_notes) == (before.promises, before.credit_notes)


async def test_the_document_is_free_and_the_customer_in_no_list(ana: House) -> None:
    await erase(ana)
    assert (await ana.get("/customers")).json()["items"] == []
    for filters in ({"name": SECRET}, {"email": f"{SECRET}@correo.demo"}, {"document": SECRET}, {"archived": "false"}):
        assert (await ana.get("/customers", **filters)).json()["items"] == []
    answer = await ana.put("/customers/eva", a_person(document=a_document(SECRET, SECRET)))
    assert answer.status_code == 201


async def test_nothing_follows_whatever_comes_at_once(ana: House) -> None:
    writes = [ana.put(f"/customers/ana/promises/n{number}", a_promise()) for number in range(6)]
    answers = await asyncio.gather(*writes[:3], erase(ana), erase(ana), *writes[3:])
    assert {one.status_code for one in answers} <= {201, 204, 410}
    told = [event for event in await ana.told() if event.key == "ana"]
    assert [event.sequence for event in told] == list(range(1, len(told) + 1))
    assert (told[-1].type, [event.type for event in told].count("customer.erased")) == ("customer.erased", 1)


READS = sorted(
    route
    for route, methods in create().openapi()["paths"].items()
    if "{customer_id}" in route and "get" in methods and not route.endswith("/snapshot")
)


@pytest.mark.parametrize("route", READS)
async def test_every_read_about_an_erased_customer_is_gone(ana: House, route: str) -> None:
    await erase(ana)
    path = re.sub(r"\{[a-z_]+\}", "x", route.replace("{customer_id}", "ana"))
    answer = await ana.http.get(path)
    assert (answer.status_code, answer.json()["code"]) == (410, "erased"), path
    assert answer.json()["title"] == "Gone"


async def test_every_write_about_an_erased_customer_is_gone(ana: House) -> None:
    await erase(ana)
    count = len(await ana.told())
    writes = {
        "": a_person(),
        "/invoices/f1": an_invoice(),
        "/payments/p9": a_payment(),
        "/payments/p1/refunds/r9": {},
        "/credit-notes/n9": a_credit_note(),
        "/subscriptions/s9": a_subscription(),
        "/disputes/d9": a_dispute(),
        "/promises/m9": a_promise(),
    }
    answers = [await ana.put(f"/customers/ana{path}", body) for path, body in writes.items()]
    answers += [await ana.put("/customers/ana", a_person(), **{"If-Match": '"x"'})]
    answers += [
        await ana.http.post(f"/v1/customers/ana/{action}") for action in ("archive", "unarchive", "invoices/f1/void")
    ]
    answers += [await ana.http.patch("/v1/customers/ana", json={"phone": "1"})]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [(410, "erased")] * len(answers)
    batch = await ana.batch(
        {"kind": "customer", "customer_id": "ana", **a_person()},
        {"kind": "customer", "customer_id": "ana", "merge": True, "phone": "1"},
        {"kind": "payment", "customer_id": "ana", "id": "p9", **a_payment()},
        {"kind": "customer", "customer_id": "eva", **a_person()},
    )
    assert [(one["line"], one["status"], one["code"]) for one in batch.json()["results"]] == [
        (1, 410, "erased"),
        (2, 410, "erased"),
        (3, 410, "erased"),
    ]
    assert len(await ana.told()) == count + 1
