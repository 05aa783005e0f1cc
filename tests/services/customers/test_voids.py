"""Voids over HTTP: what they set free, what they refuse, and what a void invoice still is."""

from typing import Any

import pytest

from tests.services.customers.house import House
from tests.services.customers.money import TODAY, TOMORROW, balance, get, put, unapplied, void, wrong
from tests.services.customers.sentences import a_credit_note, a_payment, a_person, a_write_off, an_invoice, for_invoice


@pytest.fixture(autouse=True)
async def ana(house: House) -> None:
    await house.put("/customers/ana", a_person())


async def test_a_void_is_told_whole_with_its_effect(house: House) -> None:
    await put(house, "invoices/f1", an_invoice("100"))
    await put(house, "invoices/f2", an_invoice("50", due="2026-02-20"))
    await put(house, "payments/p1", a_payment("80"))
    answer = await void(house, "f1", {"voided_on": "2026-03-05", "reason": "Facturada dos veces"})
    assert (answer["status"], answer["balance"]["amount"], answer["settled_on"]) == ("void", "0.00", None)
    assert (answer["voided_on"], answer["void_reason"]) == ("2026-03-05", "Facturada dos veces")
    event = (await house.told())[-1]
    assert (event.type, event.sequence, event.data["invoice_id"]) == ("invoice.voided", 5, "f1")
    assert (event.data["voided_on"], event.data["void_reason"]) == ("2026-03-05", "Facturada dos veces")
    effect = event.data["effect"]
    assert _parts(effect["reversals"]) == [("p1", "f1", "80.00")]
    assert _parts(effect["applications"]) == [("p1", "f2", "50.00")]
    assert [(one["invoice_id"], one["balance"]["amount"]) for one in effect["balances"]] == [
        ("f1", "0.00"),
        ("f2", "0.00"),
    ]
    assert await unapplied(house, "payments/p1") == "30.00"
    assert await get(house, "invoices/f1") == answer


def _parts(applications: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(one["credit_id"], one["invoice_id"], one["amount"]["amount"]) for one in applications]


async def test_a_void_is_of_today_and_needs_no_body(house: House) -> None:
    await put(house, "invoices/f1", an_invoice("100"))
    answer = await house.http.post("/v1/customers/ana/invoices/f1/void")
    assert (answer.status_code, answer.json()["voided_on"]) == (200, TODAY)


@pytest.mark.parametrize("again", [None, {}, {"voided_on": TODAY}, {"reason": "Error"}])
async def test_the_same_void_again_tells_nothing(house: House, again: dict[str, Any] | None) -> None:
    await put(house, "invoices/f1", an_invoice("100"))
    first = await void(house, "f1", {"reason": "Error"})
    house.clock.moment = house.clock.moment.replace(day=20)
    assert await void(house, "f1", again) == first
    assert len(await house.told()) == 3


@pytest.mark.parametrize("other", [{"voided_on": "2026-03-09"}, {"reason": "Otro"}, {"voided_on": TOMORROW}])
async def test_another_void_of_a_void_invoice_is_a_conflict(house: House, other: dict[str, Any]) -> None:
    await put(house, "invoices/f1", an_invoice("100"))
    await void(house, "f1", {"reason": "Error"})
    assert (await void(house, "f1", other, status=409))["code"] == "conflict"
    assert len(await house.told()) == 3


@pytest.mark.parametrize("note", [a_credit_note("1", invoice_id="f1"), a_write_off("f1", "100")])
async def test_an_invoice_that_a_credit_note_names_stays(house: House, note: dict[str, Any]) -> None:
    await put(house, "invoices/f1", an_invoice("100"))
    await put(house, "credit-notes/n1", note)
    assert (await void(house, "f1", status=409))["code"] == "invoice_has_credit_notes"
    assert len(await house.told()) == 3


async def test_a_credit_note_that_only_came_to_pay_it_does_not_keep_an_invoice(house: House) -> None:
    await put(house, "invoices/f1", an_invoice("100"))
    await put(house, "credit-notes/n1", a_credit_note("30"))
    await void(house, "f1")
    assert await unapplied(house, "credit-notes/n1") == "30.00"


async def test_a_void_in_the_future_is_refused_and_one_before_the_issue_taken(house: House) -> None:
    await put(house, "invoices/f1", an_invoice("100", issued="2026-02-01"))
    assert wrong(await void(house, "f1", {"voided_on": TOMORROW}, status=422)) == ("/voided_on", "date_in_future")
    assert (await void(house, "f1", {"voided_on": "2026-01-01"}))["voided_on"] == "2026-01-01"


async def test_a_void_of_an_unknown_invoice_or_customer_is_not_found(house: House) -> None:
    assert (await void(house, "f9", status=404))["code"] == "unknown_invoice"
    answer = await house.post("/customers/nobody/invoices/f1/void")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_customer")


async def test_the_same_invoice_again_is_a_repeat_also_once_it_is_void(house: House) -> None:
    await put(house, "invoices/f1", an_invoice("100"))
    await void(house, "f1")
    assert (await put(house, "invoices/f1", an_invoice("100"), status=200))["voided_on"] == TODAY
    assert len(await house.told()) == 3
    changed = await put(house, "invoices/f1", an_invoice("100", number="FE-1", due="2026-05-01"), status=200)
    assert (changed["voided_on"], changed["number"], changed["balance"]["amount"]) == (TODAY, "FE-1", "0.00")
    assert (await house.told())[-1].type == "invoice.changed"


async def test_nothing_can_be_for_a_void_invoice(house: House) -> None:
    await put(house, "invoices/f1", an_invoice("100"))
    await void(house, "f1")
    refusal = await put(house, "payments/p1", a_payment("5", allocations=[for_invoice("f1", "5")]), status=422)
    assert wrong(refusal) == ("/allocations/0/invoice_id", "unknown_invoice")
    await put(house, "payments/p1", a_payment("5"))
    assert (await balance(house, "f1"), await unapplied(house, "payments/p1")) == ("0.00", "5.00")


async def test_a_void_may_name_the_version_it_saw(house: House) -> None:
    await put(house, "invoices/f1", an_invoice("100"))
    path = "/customers/ana/invoices/f1"
    seen = (await house.get(path)).headers["etag"]
    await put(house, "invoices/f1", an_invoice("100", number="FE-1"), status=200)
    assert (await house.post(f"{path}/void", {}, **{"If-Match": seen})).status_code == 412
    seen = (await house.get(path)).headers["etag"]
    answer = await house.post(f"{path}/void", {}, **{"If-Match": seen})
    assert (answer.status_code, answer.headers["etag"]) == (200, (await house.get(path)).headers["etag"])
    assert answer.headers["etag"] != seen
