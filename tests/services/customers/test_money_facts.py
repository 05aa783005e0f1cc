"""Invoices and payments over HTTP: the ledger's rules by example; the oracle test has the rest."""

from typing import Any

import pytest

from tests.services.customers.house import House
from tests.services.customers.sentences import (
    a_failure,
    a_payment,
    a_person,
    an_invoice,
    for_invoice,
    in_dollars,
    pesos,
)


@pytest.fixture(autouse=True)
async def ana(house: House) -> None:
    await house.put("/customers/ana", a_person())


async def _invoice(house: House, name: str, body: dict[str, Any], status: int = 201) -> dict[str, Any]:
    answer = await house.put(f"/customers/ana/invoices/{name}", body)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def _payment(house: House, name: str, body: dict[str, Any], status: int = 201) -> dict[str, Any]:
    answer = await house.put(f"/customers/ana/payments/{name}", body)
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def _balance(house: House, name: str) -> str:
    return str((await house.get(f"/customers/ana/invoices/{name}")).json()["balance"]["amount"])


async def test_an_invoice_is_told_whole(house: House) -> None:
    lines = [{"description": "Consumo", "amount": "80"}, {"description": "Nota"}]
    body = an_invoice("100", number="FE-1", product="Energía", description="Febrero", lines=lines)
    answer = await _invoice(house, "f1", body)
    fact: dict[str, Any] = {
        **body,
        "customer_id": "ana",
        "invoice_id": "f1",
        "amount": pesos("100.00"),
        "lines": [
            {"description": "Consumo", "amount": pesos("80.00")},
            {"description": "Nota", "amount": None},
        ],
    }
    fact |= {"voided_on": None, "void_reason": None}
    assert answer == {**fact, "status": "open", "balance": pesos("100.00"), "settled_on": None}
    event = (await house.told())[-1]
    assert (event.type, event.sequence) == ("invoice.issued", 2)
    balances = [{"invoice_id": "f1", "balance": pesos("100.00"), "settled_on": None}]
    assert event.data == {**fact, "effect": {"applications": [], "reversals": [], "balances": balances}}


async def test_a_payment_is_told_whole_with_its_effect(house: House) -> None:
    await _invoice(house, "f1", an_invoice("100"))
    answer = await _payment(house, "p1", a_payment("30", at="2026-03-02T03:00:00+01:00", method="PSE"))
    fact: dict[str, Any] = {
        "customer_id": "ana",
        "payment_id": "p1",
        "status": "succeeded",
        "amount": pesos("30.00"),
        "occurred_at": "2026-03-02T02:00:00Z",
        "occurred_on": "2026-03-01",
        "method": "PSE",
        "failure_reason": None,
        "allocations": [],
    }
    assert answer == {**fact, "unapplied": pesos("0.00"), "refunded": pesos("0.00")}
    event = (await house.told())[-1]
    assert (event.type, event.sequence) == ("payment.succeeded", 3)
    application = {
        "credit_kind": "payment",
        "credit_id": "p1",
        "invoice_id": "f1",
        "amount": pesos("30.00"),
        "applied_on": "2026-03-01",
    }
    balances = [{"invoice_id": "f1", "balance": pesos("70.00"), "settled_on": None}]
    assert event.data == {**fact, "effect": {"applications": [application], "reversals": [], "balances": balances}}


async def test_credit_pays_the_oldest_due_then_the_oldest_issued_then_by_id(house: House) -> None:
    await _invoice(house, "f3", an_invoice("10", due="2026-02-20", issued="2026-02-02"))
    await _invoice(house, "f2", an_invoice("10", due="2026-02-20", issued="2026-02-02"))
    await _invoice(house, "f4", an_invoice("10", due="2026-02-20", issued="2026-02-01"))
    await _invoice(house, "f5", an_invoice("10", due="2026-02-19", issued="2026-02-10"))
    await _payment(house, "p1", a_payment("35"))
    applied = [one["invoice_id"] for one in (await house.told())[-1].data["effect"]["applications"]]
    assert applied == ["f5", "f4", "f2", "f3"]
    assert await _balance(house, "f3") == "5.00"


async def test_waiting_credit_pays_a_new_invoice_the_earliest_dated_first(house: House) -> None:
    await _payment(house, "p2", a_payment("10", at="2026-02-05T12:00:00Z"))
    await _payment(house, "p1", a_payment("10", at="2026-02-05T12:00:00Z"))
    await _payment(house, "p3", a_payment("10", at="2026-02-01T12:00:00Z"))
    await _invoice(house, "f1", an_invoice("25", issued="2026-02-04"))
    applications = (await house.told())[-1].data["effect"]["applications"]
    assert [(one["credit_id"], one["amount"]["amount"], one["applied_on"]) for one in applications] == [
        ("p3", "10.00", "2026-02-04"),
        ("p1", "10.00", "2026-02-05"),
        ("p2", "5.00", "2026-02-05"),
    ]
    assert (await house.get("/customers/ana/payments/p2")).json()["unapplied"] == pesos("5.00")
    assert (await house.get("/customers/ana/invoices/f1")).json()["settled_on"] == "2026-02-05"


async def test_allocations_go_first_each_up_to_the_balance(house: House) -> None:
    await _invoice(house, "f1", an_invoice("10", due="2026-02-01"))
    await _invoice(house, "f2", an_invoice("10", due="2026-02-28"))
    wishes = [for_invoice("f2", "12"), for_invoice("f2", "3")]
    assert (await _payment(house, "p1", a_payment("16", allocations=wishes)))["unapplied"] == pesos("0.00")
    assert (await _balance(house, "f1"), await _balance(house, "f2")) == ("4.00", "0.00")


async def test_credit_settles_only_its_own_currency(house: House) -> None:
    await _invoice(house, "f1", an_invoice(in_dollars("10")))
    assert (await _payment(house, "p1", a_payment("50")))["unapplied"] == pesos("50.00")
    assert await _balance(house, "f1") == "10.00"
    await _payment(house, "p2", a_payment(in_dollars("4")))
    assert await _balance(house, "f1") == "6.00"


async def test_a_failed_payment_has_no_effect(house: House) -> None:
    await _invoice(house, "f1", an_invoice("10"))
    answer = await _payment(house, "p1", a_failure("10", allocations=[for_invoice("f1", "10")]))
    assert answer["unapplied"] == pesos("0.00")
    assert answer["allocations"] == [{"invoice_id": "f1", "amount": pesos("10.00")}]
    event = (await house.told())[-1]
    assert (event.type, event.data["effect"]) == (
        "payment.failed",
        {"applications": [], "reversals": [], "balances": []},
    )
    assert await _balance(house, "f1") == "10.00"


async def test_an_invoice_of_zero_is_settled_at_issue(house: House) -> None:
    assert (await _invoice(house, "f1", an_invoice("0", issued="2026-02-03")))["settled_on"] == "2026-02-03"


async def test_a_new_due_date_moves_no_application_but_counts_from_then_on(house: House) -> None:
    await _invoice(house, "f1", an_invoice("10", due="2026-02-01"))
    await _invoice(house, "f2", an_invoice("10", due="2026-02-10"))
    await _payment(house, "p1", a_payment("4"))
    answer = await _invoice(house, "f1", an_invoice("10", due="2026-02-20"), status=200)
    assert (answer["due_on"], answer["balance"]) == ("2026-02-20", pesos("6.00"))
    event = (await house.told())[-1]
    balances = [{"invoice_id": "f1", "balance": pesos("6.00"), "settled_on": None}]
    effect = {"applications": [], "reversals": [], "balances": balances}
    assert (event.type, event.data["effect"]) == ("invoice.changed", effect)
    await _payment(house, "p2", a_payment("5"))
    assert (await _balance(house, "f1"), await _balance(house, "f2")) == ("6.00", "5.00")


@pytest.mark.parametrize(
    "again",
    [an_invoice("100"), an_invoice("100.0000"), an_invoice(pesos("100")), an_invoice("100", lines=None, number="")],
)
async def test_the_same_invoice_again_changes_and_tells_nothing(house: House, again: dict[str, Any]) -> None:
    await _invoice(house, "f1", an_invoice("100.00"))
    await _invoice(house, "f1", again, status=200)
    assert len(await house.told()) == 2


@pytest.mark.parametrize(
    "other", [an_invoice("101"), an_invoice(in_dollars("100")), an_invoice("100", issued="2026-02-02")]
)
async def test_what_never_changes_of_an_invoice(house: House, other: dict[str, Any]) -> None:
    await _invoice(house, "f1", an_invoice("100"))
    assert (await _invoice(house, "f1", other, status=409))["code"] == "conflict"
    assert len(await house.told()) == 2


async def test_the_same_payment_again_changes_and_tells_nothing_whatever_happened_since(house: House) -> None:
    body = a_payment("30", at="2026-03-02T02:00:00Z")
    first = await _payment(house, "p1", body)
    await _invoice(house, "f1", an_invoice("10"))
    await house.put("/customers/ana", a_person(currency="USD"))
    again = await _payment(house, "p1", {**body, "amount": "30.0", "occurred_at": "2026-03-01T21:00:00-05:00"}, 200)
    assert again == {**first, "unapplied": pesos("20.00")}
    assert len(await house.told()) == 4


@pytest.mark.parametrize(
    "other",
    [
        a_payment("31"),
        a_payment(in_dollars("30")),
        a_failure("30"),
        a_payment("30", at="2026-03-01T15:00:01Z"),
        a_payment("30", method="PSE"),
        a_payment("30", allocations=[for_invoice("f9", "1")]),
    ],
)
async def test_a_payment_never_changes(house: House, other: dict[str, Any]) -> None:
    await _payment(house, "p1", a_payment("30"))
    assert (await _payment(house, "p1", other, 409))["code"] == "conflict"
    assert len(await house.told()) == 2


async def test_amounts_alone_follow_the_billing_currency(house: House) -> None:
    await house.put("/customers/eva", a_person(currency="USD"))
    answer = await house.put("/customers/eva/invoices/f1", an_invoice("10"))
    assert answer.json()["amount"] == in_dollars("10.00")


async def test_a_fact_of_an_unknown_customer_is_not_found(house: House) -> None:
    for path, body in (("invoices/f1", an_invoice()), ("payments/p1", a_payment())):
        answer = await house.put(f"/customers/nobody/{path}", body)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_customer")
    assert len(await house.told()) == 1


async def test_the_profile_adds_up_per_currency(house: House) -> None:
    await _invoice(house, "f1", an_invoice("10", due="2026-03-09"))
    await _invoice(house, "f2", an_invoice("15", due="2026-03-10"))
    await _payment(house, "p1", a_payment(in_dollars("4")))
    await _payment(house, "p2", a_failure("10"))
    profile = (await house.get("/customers/ana/profile")).json()
    assert profile["name"] == "Ana Gómez"
    assert profile["balances"] == [
        {
            "currency": "COP",
            "total_balance": pesos("25.00"),
            "overdue_balance": pesos("10.00"),
            "unapplied_credit": pesos("0.00"),
        },
        {
            "currency": "USD",
            "total_balance": in_dollars("0.00"),
            "overdue_balance": in_dollars("0.00"),
            "unapplied_credit": in_dollars("4.00"),
        },
    ]
    assert [one["invoice_id"] for one in profile["open_invoices"]] == ["f1", "f2"]
    assert [one["payment_id"] for one in profile["recent_charges"]] == ["p2", "p1"]


async def test_invoices_and_payments_are_listed_by_id(house: House) -> None:
    for number in range(3):
        await _invoice(house, f"f{number}", an_invoice("1"))
        await _payment(house, f"p{number}", a_failure("1"))
    for noun, names in (("invoices", ["f0", "f1", "f2"]), ("payments", ["p0", "p1", "p2"])):
        first = (await house.get(f"/customers/ana/{noun}", limit=2)).json()
        second = (await house.get(f"/customers/ana/{noun}", limit=2, cursor=first["next_cursor"])).json()
        assert [one[f"{noun[:-1]}_id"] for one in first["items"] + second["items"]] == names
        assert second["next_cursor"] is None
