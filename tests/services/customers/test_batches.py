"""Batches: each line taken or refused as the single write would be, good lines kept when others are bad."""

from typing import Any

import pytest

from tests.services.customers.house import House
from tests.services.customers.sentences import a_document, a_payment, a_person, a_variable, an_invoice, for_invoice


def customer(customer_id: str, **said: Any) -> dict[str, Any]:
    return {"kind": "customer", "customer_id": customer_id, **a_person(**said)}


def invoice(customer_id: str, name: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "invoice", "customer_id": customer_id, "id": name, **body}


def payment(customer_id: str, name: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "payment", "customer_id": customer_id, "id": name, **body}


async def test_a_batch_brings_everything_it_needs(house: House) -> None:
    lines = [
        {"kind": "variable", "id": "cupo", **a_variable("money")},
        customer("ana", variables={"cupo": "5"}),
        invoice("ana", "f1", an_invoice("100")),
        payment("ana", "p1", a_payment("60", allocations=[for_invoice("f1", "60")])),
        customer("eva"),
    ]
    answer = await house.batch(*lines)
    assert (answer.status_code, answer.json()) == (200, {"accepted": 5, "unchanged": 0, "failed": 0, "results": []})
    assert [(one.key, one.sequence, one.type) for one in await house.told()] == [
        ("~cupo", 1, "variable.declared"),
        ("ana", 1, "customer.registered"),
        ("ana", 2, "invoice.issued"),
        ("ana", 3, "payment.succeeded"),
        ("eva", 1, "customer.registered"),
    ]
    assert (await house.get("/customers/ana/invoices/f1")).json()["balance"]["amount"] == "40.00"
    assert len(house.wakes) == 2

    again = (await house.batch(*lines, results="all")).json()
    assert (again["accepted"], again["unchanged"], again["failed"]) == (0, 5, 0)
    assert [line["status"] for line in again["results"]] == [200] * 5
    assert len(await house.told()) == 5


async def test_good_lines_are_kept_and_bad_ones_named(house: House) -> None:
    answer = await house.batch(
        customer("ana", document=a_document("1")),
        b'{"kind": "customer", "customer_id": "eva", ',
        b"",
        b"[1, 2]",
        {"kind": "void", "customer_id": "ana", "id": "f1"},
        {"customer_id": "ana"},
        {**customer("luz"), "merge": "yes"},
        {**customer("luz"), "id": "luz"},
        invoice("ana", "f1", an_invoice(100)),
        invoice("nobody", "f1", an_invoice("100")),
        invoice("ana", "f2", an_invoice("100")),
        payment("ana", "p1", a_payment("5", allocations=[for_invoice("f1", "5")])),
        payment("ana", "p2", a_payment("5", allocations=[for_invoice("f2", "6")])),
        customer("paz", document=a_document("1")),
        {"kind": "variable", "id": "Bad Key", **a_variable("text")},
        invoice("ana", "f 3", an_invoice("100")),
        b'{"kind": "customer", "customer_id": "\xff"}',
    )
    body = answer.json()
    assert (answer.status_code, body["accepted"], body["unchanged"], body["failed"]) == (200, 2, 0, 14)
    named = [
        (one["line"], one["status"], one["code"], [e["pointer"] for e in one["errors"]]) for one in body["results"]
    ]
    assert named == [
        (2, 400, "malformed_json", []),
        (4, 422, "wrong_type", [""]),
        (5, 422, "unknown_choice", ["/kind"]),
        (6, 422, "required", ["/kind"]),
        (7, 422, "wrong_type", ["/merge"]),
        (8, 422, "unknown_field", ["/id"]),
        (9, 422, "wrong_type", ["/amount"]),
        (10, 404, "unknown_customer", []),
        (12, 422, "unknown_invoice", ["/allocations/0/invoice_id"]),
        (13, 422, "allocations_exceed_amount", ["/allocations"]),
        (14, 409, "document_in_use", []),
        (15, 422, "invalid_id", ["/id"]),
        (16, 422, "invalid_id", ["/id"]),
        (17, 400, "malformed_json", []),
    ]
    assert [(one.key, one.type) for one in await house.told()] == [
        ("ana", "customer.registered"),
        ("ana", "invoice.issued"),
    ]
    assert len((await house.get("/customers")).json()["items"]) == 1


async def test_the_past_is_marked_on_every_fact(house: House) -> None:
    await house.batch(
        customer("ana"), invoice("ana", "f1", an_invoice()), payment("ana", "p1", a_payment()), history=True
    )
    await house.batch(payment("ana", "p2", a_payment()))
    assert [event.history for event in await house.told()] == [True, True, True, False]


async def test_the_order_within_a_customer_is_kept_across_transactions(house: House) -> None:
    payments = [payment("ana", f"p{number}", a_payment("1")) for number in range(1500)]
    lines = [customer("eva"), customer("ana"), *payments, invoice("ana", "f1", an_invoice("1500"))]
    assert (await house.batch(*lines)).json()["accepted"] == 1503
    anas = [event for event in await house.told() if event.key == "ana"]
    assert [event.sequence for event in anas] == list(range(1, 1503))
    assert [event.data.get("payment_id") for event in anas[1:-1]] == [f"p{number}" for number in range(1500)]
    assert (await house.get("/customers/ana/invoices/f1")).json()["balance"]["amount"] == "0.00"


async def test_customers_may_exchange_their_documents(house: House) -> None:
    await house.batch(customer("ana", document=a_document("1")), customer("eva", document=a_document("2")))
    answer = await house.batch(
        customer("ana", document=a_document("3")),
        customer("eva", document=a_document("1")),
        customer("luz", document=a_document("2")),
    )
    assert answer.json()["failed"] == 0
    assert (await house.get("/customers", document="1")).json()["items"][0]["customer_id"] == "eva"


async def test_more_lines_than_allowed(house: House) -> None:
    answer = await house.batch(*[customer(f"c{number}") for number in range(10_001)])
    assert (answer.status_code, answer.json()["code"]) == (413, "too_many_lines")
    assert (await house.get("/customers")).json()["items"] == []


async def test_a_body_may_have_8_mebibytes_and_no_more(house: House) -> None:
    line = customer("ana", phone="x" * 200)
    small = await house.batch(line, b" " * (2 * 1024 * 1024))
    assert (small.status_code, small.json()["accepted"]) == (200, 1)
    large = await house.batch(line, b" " * (8 * 1024 * 1024))
    assert (large.status_code, large.json()["code"]) == (413, "body_too_large")


async def test_only_ndjson_and_csv_are_taken(house: House) -> None:
    answer = await house.http.post("/v1/batches", content=b"{}", headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


@pytest.mark.parametrize("params", [{"results": "some"}, {"history": "perhaps"}])
async def test_unknown_wishes_are_refused(house: House, params: dict[str, str]) -> None:
    answer = await house.batch(customer("ana"), **params)
    assert answer.status_code == 422
    assert await house.told() == []


async def test_an_empty_batch_is_nothing(house: House) -> None:
    assert (await house.batch()).json() == {"accepted": 0, "unchanged": 0, "failed": 0, "results": []}
