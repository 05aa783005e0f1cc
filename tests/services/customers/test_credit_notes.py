"""Credit notes and write-offs over HTTP: what they pay, what is refused, and how they stand in the profile."""

from typing import Any

import pytest

from tests.services.customers.house import House
from tests.services.customers.money import TOMORROW, balance, get, put, unapplied, void, wrong
from tests.services.customers.sentences import (
    a_credit_note,
    a_payment,
    a_person,
    a_write_off,
    an_invoice,
    in_dollars,
    pesos,
)


@pytest.fixture(autouse=True)
async def ana(house: House) -> None:
    await house.put("/customers/ana", a_person())


async def test_a_credit_note_is_told_whole_with_its_effect(house: House) -> None:
    await put(house, "invoices/f1", an_invoice("100", due="2026-02-15"))
    await put(house, "invoices/f2", an_invoice("50", due="2026-02-20"))
    answer = await put(house, "credit-notes/n1", a_credit_note("70", issued="2026-02-10", invoice_id="f2"))
    fact = {
        "customer_id": "ana",
        "credit_note_id": "n1",
        "kind": "credit",
        "amount": pesos("70.00"),
        "issued_on": "2026-02-10",
        "invoice_id": "f2",
    }
    assert answer == {**fact, "unapplied": pesos("0.00")}
    event = (await house.told())[-1]
    assert (event.type, event.sequence) == ("credit_note.issued", 4)
    effect = event.data.pop("effect")
    assert event.data == fact
    parts = [(one["credit_kind"], one["invoice_id"], one["amount"]["amount"]) for one in effect["applications"]]
    assert parts == [("credit_note", "f2", "50.00"), ("credit_note", "f1", "20.00")]
    assert [(one["invoice_id"], one["settled_on"]) for one in effect["balances"]] == [
        ("f2", "2026-02-10"),
        ("f1", None),
    ]
    assert await get(house, "credit-notes/n1") == answer


async def test_what_is_left_of_a_credit_note_waits_and_pays_the_next_invoice(house: House) -> None:
    await put(house, "credit-notes/n1", a_credit_note("70"))
    assert await unapplied(house, "credit-notes/n1") == "70.00"
    [balances] = (await get(house, "profile"))["balances"]
    assert balances["unapplied_credit"] == pesos("70.00")
    await put(house, "invoices/f1", an_invoice("30"))
    assert (await balance(house, "f1"), await unapplied(house, "credit-notes/n1")) == ("0.00", "40.00")


async def test_a_write_off_gives_up_what_is_open_of_its_invoice(house: House) -> None:
    await put(house, "invoices/f1", an_invoice("100"))
    await put(house, "payments/p1", a_payment("30"))
    answer = await put(house, "credit-notes/c1", a_write_off("f1", "70", issued="2026-03-04"))
    assert (answer["kind"], answer["unapplied"]) == ("write_off", pesos("0.00"))
    invoice = await get(house, "invoices/f1")
    assert (invoice["status"], invoice["settled_on"]) == ("settled", "2026-03-04")
    [application] = (await house.told())[-1].data["effect"]["applications"]
    assert application["credit_kind"] == "write_off"


async def test_a_write_off_of_more_than_is_open_is_refused(house: House) -> None:
    await put(house, "invoices/f1", an_invoice("100"))
    await put(house, "payments/p1", a_payment("30"))
    refusal = await put(house, "credit-notes/c1", a_write_off("f1", "70.01"), status=422)
    assert wrong(refusal) == ("/amount", "exceeds_balance")
    assert await balance(house, "f1") == "70.00"


@pytest.mark.parametrize(
    ("body", "mistake"),
    [
        (a_write_off("f9"), ("/invoice_id", "unknown_invoice")),
        ({**a_write_off("f1"), "invoice_id": None}, ("/invoice_id", "required")),
        (a_credit_note(invoice_id="f9"), ("/invoice_id", "unknown_invoice")),
        (a_credit_note(invoice_id="void"), ("/invoice_id", "unknown_invoice")),
        (a_credit_note(in_dollars("1"), invoice_id="f1"), ("/invoice_id", "unknown_invoice")),
        (a_credit_note({"amount": "1", "currency": "EUR"}), ("/amount/currency", "unknown_currency")),
        (a_credit_note(issued=TOMORROW), ("/issued_on", "date_in_future")),
        (a_credit_note("0"), ("/amount", "out_of_range")),
        (a_credit_note(kind="debit"), ("/kind", "unknown_choice")),
        ({"amount": "1"}, ("/issued_on", "required")),
    ],
)
async def test_bad_credit_notes_are_refused(house: House, body: dict[str, Any], mistake: tuple[str, str]) -> None:
    await put(house, "invoices/f1", an_invoice("100"))
    await put(house, "invoices/void", an_invoice("100"))
    await void(house, "void")
    assert wrong(await put(house, "credit-notes/n1", body, status=422)) == mistake
    assert (await get(house, "credit-notes"))["items"] == []


async def test_the_same_credit_note_again_tells_nothing_whatever_happened_since(house: House) -> None:
    await put(house, "invoices/f1", an_invoice("100"))
    await put(house, "credit-notes/c1", a_write_off("f1", "100"))
    await house.put("/customers/ana", a_person(currency="USD"))
    await put(house, "credit-notes/c1", a_write_off("f1", "100.0"), status=200)
    assert len(await house.told()) == 4


@pytest.mark.parametrize(
    "other",
    [
        a_credit_note("70"),
        a_credit_note("71", invoice_id="f1"),
        a_credit_note("70", invoice_id="f1", issued="2026-03-02"),
        a_write_off("f1", "70"),
        a_credit_note(in_dollars("70"), invoice_id="f1"),
    ],
)
async def test_a_credit_note_never_changes(house: House, other: dict[str, Any]) -> None:
    await put(house, "invoices/f1", an_invoice("100"))
    await put(house, "credit-notes/n1", a_credit_note("70", invoice_id="f1"))
    assert (await put(house, "credit-notes/n1", other, status=409))["code"] == "conflict"
    assert len(await house.told()) == 3


async def test_a_credit_note_of_an_unknown_customer_is_not_found(house: House) -> None:
    answer = await house.put("/customers/nobody/credit-notes/n1", a_credit_note())
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_customer")
    assert (await house.get("/customers/nobody/credit-notes")).status_code == 404
    assert (await house.get("/customers/ana/credit-notes/n9")).json()["code"] == "unknown_credit_note"


async def test_credit_notes_are_listed_by_id(house: House) -> None:
    for number in range(3):
        await put(house, f"credit-notes/n{number}", a_credit_note("1"))
    first = await get(house, "credit-notes", limit=2)
    second = await get(house, "credit-notes", limit=2, cursor=first["next_cursor"])
    assert [one["credit_note_id"] for one in (*first["items"], *second["items"])] == ["n0", "n1", "n2"]


async def test_a_batch_knows_refunds_credit_notes_and_write_offs(house: House) -> None:
    lines = [
        {"kind": "invoice", "customer_id": "ana", "id": "f1", **an_invoice("100")},
        {"kind": "payment", "customer_id": "ana", "id": "p1", **a_payment("60")},
        {"kind": "refund", "customer_id": "ana", "payment_id": "p1", "id": "r1", "amount": "10"},
        {"kind": "credit_note", "customer_id": "ana", "id": "n1", **a_credit_note("20")},
        {**a_write_off("f1", "30"), "kind": "write_off", "customer_id": "ana", "id": "c1"},
        {"kind": "write_off", "customer_id": "ana", "id": "c2", **a_credit_note("1")},
        {"kind": "refund", "customer_id": "ana", "id": "r2"},
    ]
    body = (await house.batch(*lines)).json()
    assert (body["accepted"], body["failed"]) == (5, 2)
    mistakes = [(one["line"], [(e["pointer"], e["code"]) for e in one["errors"]]) for one in body["results"]]
    assert mistakes == [(6, [("/invoice_id", "required")]), (7, [("/payment_id", "required")])]
    assert await balance(house, "f1") == "0.00"
    assert (await get(house, "credit-notes/c1"))["kind"] == "write_off"
