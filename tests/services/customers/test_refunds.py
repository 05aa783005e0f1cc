"""Refunds over HTTP: what is given back, what it opens again, and what is refused."""

from typing import Any

import pytest

from tests.services.customers.house import House
from tests.services.customers.money import TODAY, TOMORROW, balance, get, put, unapplied, wrong
from tests.services.customers.sentences import a_failure, a_payment, a_person, an_invoice, in_dollars, pesos


@pytest.fixture(autouse=True)
async def ana(house: House) -> None:
    await house.put("/customers/ana", a_person())


async def test_a_refund_is_told_whole_with_its_effect(house: House) -> None:
    await put(house, "invoices/f1", an_invoice("100"))
    await put(house, "payments/p1", a_payment("100"))
    body = {"amount": "30", "refunded_on": "2026-03-05", "reason": "Pago doble"}
    answer = await put(house, "payments/p1/refunds/r1", body)
    names = {"customer_id": "ana", "payment_id": "p1", "refund_id": "r1"}
    assert answer == {**names, "amount": pesos("30.00"), "refunded_on": "2026-03-05", "reason": "Pago doble"}
    event = (await house.told())[-1]
    assert (event.type, event.sequence) == ("payment.refunded", 4)
    back = {
        "credit_kind": "payment",
        "credit_id": "p1",
        "invoice_id": "f1",
        "amount": pesos("30.00"),
        "applied_on": "2026-03-01",
    }
    balances = [{"invoice_id": "f1", "balance": pesos("30.00"), "settled_on": None}]
    assert event.data == {**answer, "effect": {"applications": [], "reversals": [back], "balances": balances}}
    assert (await get(house, "invoices/f1"))["status"] == "open"
    assert (await get(house, "payments/p1"))["refunded"] == pesos("30.00")
    assert await get(house, "payments/p1/refunds/r1") == answer


async def test_without_amount_and_date_it_is_all_that_is_left_today(house: House) -> None:
    await put(house, "payments/p1", a_payment("100"))
    await put(house, "payments/p1/refunds/r1", {"amount": "30"})
    answer = await put(house, "payments/p1/refunds/r2", {})
    assert (answer["amount"], answer["refunded_on"], answer["reason"]) == (pesos("70.00"), TODAY, None)
    payment = await get(house, "payments/p1")
    assert (payment["unapplied"], payment["refunded"]) == (pesos("0.00"), pesos("100.00"))


@pytest.mark.parametrize(
    "again",
    [{}, {"amount": "70.0"}, {"refunded_on": TODAY}, {"amount": pesos("70"), "refunded_on": TODAY, "reason": None}],
)
async def test_a_default_equals_whatever_it_became(house: House, again: dict[str, Any]) -> None:
    await put(house, "payments/p1", a_payment("70"))
    await put(house, "payments/p1/refunds/r1", {})
    house.clock.moment = house.clock.moment.replace(day=20)
    await put(house, "payments/p1/refunds/r1", again, status=200)
    assert len(await house.told()) == 3


@pytest.mark.parametrize(
    "other", [{"amount": "69"}, {"amount": in_dollars("70")}, {"refunded_on": "2026-03-09"}, {"reason": "Otra"}]
)
async def test_a_refund_never_changes(house: House, other: dict[str, Any]) -> None:
    await put(house, "payments/p1", a_payment("70"))
    await put(house, "payments/p1/refunds/r1", {})
    assert (await put(house, "payments/p1/refunds/r1", other, status=409))["code"] == "conflict"
    assert len(await house.told()) == 3


@pytest.mark.parametrize("asked", [{"amount": "40.0001"}, {"amount": "70"}])
async def test_more_than_is_left_is_refused(house: House, asked: dict[str, Any]) -> None:
    await put(house, "payments/p1", a_payment("70"))
    await put(house, "payments/p1/refunds/r1", {"amount": "30"})
    assert wrong(await put(house, "payments/p1/refunds/r2", asked, status=422)) == ("/amount", "exceeds_payment")
    assert len(await house.told()) == 3


async def test_of_a_failed_or_wholly_refunded_payment_nothing_is_left(house: House) -> None:
    await put(house, "payments/p1", a_failure("70"))
    assert wrong(await put(house, "payments/p1/refunds/r1", {}, status=422)) == ("/amount", "exceeds_payment")
    await put(house, "payments/p2", a_payment("70"))
    await put(house, "payments/p2/refunds/r1", {})
    assert wrong(await put(house, "payments/p2/refunds/r2", {}, status=422)) == ("/amount", "exceeds_payment")


@pytest.mark.parametrize(
    ("body", "mistake"),
    [
        ({"refunded_on": TOMORROW}, ("/refunded_on", "date_in_future")),
        ({"amount": {"amount": "1", "currency": "EUR"}}, ("/amount/currency", "unknown_currency")),
        ({"amount": in_dollars("1")}, ("/amount/currency", "wrong_currency")),
        ({"amount": "0"}, ("/amount", "out_of_range")),
        ({"amount": 1}, ("/amount", "wrong_type")),
        ({"payment_id": "p1"}, ("/payment_id", "unknown_field")),
    ],
)
async def test_bad_refunds_are_refused(house: House, body: dict[str, Any], mistake: tuple[str, str]) -> None:
    await put(house, "payments/p1", a_payment("70"))
    assert wrong(await put(house, "payments/p1/refunds/r1", body, status=422)) == mistake
    assert len(await house.told()) == 2


async def test_an_amount_alone_is_in_the_payments_currency(house: House) -> None:
    await put(house, "payments/p1", a_payment(in_dollars("70")))
    assert (await put(house, "payments/p1/refunds/r1", {"amount": "5"}))["amount"] == in_dollars("5.00")


async def test_a_refund_of_an_unknown_payment_or_customer_is_not_found(house: House) -> None:
    assert (await put(house, "payments/p9/refunds/r1", {}, status=404))["code"] == "unknown_payment"
    answer = await house.put("/customers/nobody/payments/p1/refunds/r1", {})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_customer")
    for path in ("payments/p9/refunds/r1", "payments/p9/refunds"):
        assert (await house.get(f"/customers/ana/{path}")).status_code == 404


async def test_a_refund_before_its_payment_is_taken(house: House) -> None:
    await put(house, "payments/p1", a_payment("70"))
    await put(house, "payments/p1/refunds/r1", {"refunded_on": "2026-01-01"})
    assert await unapplied(house, "payments/p1") == "0.00"


async def test_a_credit_note_that_waits_pays_what_a_refund_opens(house: House) -> None:
    await put(house, "invoices/f1", an_invoice("10"))
    await put(house, "payments/p1", a_payment("10"))
    await put(house, "credit-notes/n1", {"amount": "6", "issued_on": "2026-03-02"})
    await put(house, "payments/p1/refunds/r1", {"amount": "8"})
    assert (await balance(house, "f1"), await unapplied(house, "credit-notes/n1")) == ("2.00", "0.00")


async def test_the_same_id_may_be_of_several_payments(house: House) -> None:
    for name in ("p1", "p2"):
        await put(house, f"payments/{name}", a_payment("10"))
        await put(house, f"payments/{name}/refunds/r1", {"amount": "4"})
    await put(house, "payments/p1/refunds/r2", {"amount": "1"})
    first = await get(house, "payments/p1/refunds", limit=1)
    second = await get(house, "payments/p1/refunds", limit=1, cursor=first["next_cursor"])
    assert [one["refund_id"] for one in (*first["items"], *second["items"])] == ["r1", "r2"]


async def test_a_refund_may_wish_to_be_the_first(house: House) -> None:
    await put(house, "payments/p1", a_payment("10"))
    await put(house, "payments/p1/refunds/r1", {})
    etag = (await house.get("/customers/ana/payments/p1/refunds/r1")).headers["etag"]
    path = "/customers/ana/payments/p1/refunds/r1"
    assert (await house.put(path, {}, **{"If-None-Match": "*"})).status_code == 412
    assert (await house.put(path, {}, **{"If-Match": etag})).status_code == 200


async def test_without_a_body_all_that_is_left_goes_back(house: House) -> None:
    await put(house, "payments/p1", a_payment("100"))
    answer = await house.http.put("/v1/customers/ana/payments/p1/refunds/r1")
    assert (answer.status_code, answer.json()["amount"]) == (201, pesos("100.00"))
    assert (await house.http.put("/v1/customers/ana/payments/p1/refunds/r1", json={})).status_code == 200
