"""Merge patches: a CRM and a scoring system each send their part, and neither loses the other's."""

from typing import Any

import pytest

from tests.services.customers.house import House
from tests.services.customers.sentences import a_document, a_person, a_variable, an_invoice, in_dollars, pesos


@pytest.fixture
async def ana(house: House) -> House:
    """Ana is registered with a bit of everything."""
    for key, kind in {"cupo": "money", "asesor": "text", "puntos": "number"}.items():
        await house.put(f"/variables/{key}", a_variable(kind))
    await house.put(
        "/customers/ana",
        a_person(
            registered_on="2025-01-02",
            email="ana@correo.demo",
            emails=["otra@correo.demo"],
            phone="+57 310 555 0101",
            document={"type": "CC", "number": "1.2", "country": "CO"},
            risk_score=500,
            variables={"cupo": "5", "asesor": "Luisa"},
        ),
    )
    return house


async def patch(house: House, body: Any, customer: str = "ana", **headers: str) -> Any:
    return await house.http.patch(f"/v1/customers/{customer}", json=body, headers=headers)


async def test_a_patch_changes_what_it_gives_and_nothing_else(ana: House) -> None:
    before = (await ana.get("/customers/ana")).json()
    answer = await patch(ana, {"risk_score": 700, "variables": {"puntos": 3, "asesor": None}, "phone": None})
    expected = {**before, "risk_score": 700, "phone": None, "variables": {"cupo": pesos("5.00"), "puntos": 3}}
    assert (answer.status_code, answer.json()) == (200, expected)
    assert (await ana.get("/customers/ana")).json() == expected
    told = (await ana.told())[-1]
    assert (told.type, told.data) == ("customer.updated", expected)
    count = len(await ana.told())
    assert (await patch(ana, {"risk_score": 700, "variables": {"puntos": 3}})).status_code == 200
    assert (await patch(ana, {})).json() == expected
    assert len(await ana.told()) == count


async def test_null_clears_and_what_has_a_default_takes_it(ana: House) -> None:
    await patch(ana, {"currency": "USD"})
    answer = (
        await patch(ana, {"currency": None, "registered_on": None, "emails": None, "variables": None, "document": None})
    ).json()
    assert (answer["currency"], answer["registered_on"], answer["emails"]) == ("COP", "2025-01-02", [])
    assert (answer["variables"], answer["document"], answer["email"]) == ({}, None, "ana@correo.demo")


async def test_a_document_is_merged_key_by_key(ana: House) -> None:
    answer = await patch(ana, {"document": {"number": "3.4"}})
    assert answer.json()["document"] == {"type": "CC", "number": "3.4", "country": "CO"}
    assert (await patch(ana, {"document": {"country": None}})).json()["document"]["country"] is None
    await ana.put("/customers/eva", a_person(document=a_document("99")))
    taken = await patch(ana, {"document": {"number": "9.9"}})
    assert (taken.status_code, taken.json()["code"], taken.json()["customer_id"]) == (409, "document_in_use", "eva")
    assert (await patch(ana, {"document": {"number": "9.9", "type": "CE"}})).status_code == 200
    taken = await patch(ana, {"document": {"type": "cc"}})
    assert (taken.status_code, taken.json()["customer_id"]) == (409, "eva")


async def test_a_new_billing_currency_is_told_and_leaves_money_as_it_is(ana: House) -> None:
    await ana.put("/customers/ana/invoices/f1", an_invoice("10"))
    answer = (await patch(ana, {"currency": "USD", "variables": {"puntos": 1}})).json()
    assert (answer["currency"], answer["variables"]["cupo"]) == ("USD", pesos("5.00"))
    assert (await ana.told())[-1].data["currency"] == "USD"
    loaded = (await patch(ana, {"variables": {"cupo": "7"}})).json()["variables"]
    assert loaded["cupo"] == in_dollars("7.00")
    balances = (await ana.get("/customers/ana/profile")).json()["balances"]
    assert [(one["currency"], one["total_balance"]["amount"]) for one in balances] == [
        ("USD", "0.00"),
        ("COP", "10.00"),
    ]


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"name": None}, "required", "/name"),
        ({"type": None}, "required", "/type"),
        ({"name": " "}, "required", "/name"),
        ({"nickname": "Anita"}, "unknown_field", "/nickname"),
        ({"archived": True}, "unknown_field", "/archived"),
        ({"customer_id": "eva"}, "unknown_field", "/customer_id"),
        ({"currency": "EUR"}, "unknown_currency", "/currency"),
        ({"registered_on": "2026-03-11"}, "date_in_future", "/registered_on"),
        ({"email": "no arroba"}, "invalid_email", "/email"),
        ({"document": {"number": None}}, "required", "/document/number"),
        ({"document": {"series": "A"}}, "unknown_field", "/document/series"),
        ({"variables": {"nadie": 1}}, "unknown_variable", "/variables/nadie"),
        ({"variables": {"nadie": None}}, "unknown_variable", "/variables/nadie"),
        ({"variables": {"puntos": "x"}}, "wrong_type", "/variables/puntos"),
        ([], "wrong_type", ""),
        ("x", "wrong_type", ""),
    ],
)
async def test_the_mistake_is_named_and_nothing_stored(ana: House, body: Any, code: str, pointer: str) -> None:
    before, count = (await ana.get("/customers/ana")).json(), len(await ana.told())
    answer = await patch(ana, body)
    assert answer.status_code == 422, answer.text
    assert [(one["code"], one["pointer"]) for one in answer.json()["errors"]] == [(code, pointer)]
    assert (await ana.get("/customers/ana")).json() == before
    assert len(await ana.told()) == count


async def test_a_document_begun_by_a_patch_must_be_whole(ana: House) -> None:
    await ana.put("/customers/eva", a_person())
    answer = await patch(ana, {"document": {"number": "1"}}, "eva")
    assert [(one["code"], one["pointer"]) for one in answer.json()["errors"]] == [("required", "/document/type")]


async def test_the_media_type_may_be_that_of_merge_patches(ana: House) -> None:
    headers = {"content-type": "application/merge-patch+json"}
    answer = await ana.http.patch("/v1/customers/ana", content=b'{"phone": "1"}', headers=headers)
    assert (answer.status_code, answer.json()["phone"]) == (200, "1")


async def test_nobody_is_patched_who_is_not_there_or_was_changed_since(ana: House) -> None:
    assert (await patch(ana, {"phone": "1"}, "nobody")).json()["code"] == "unknown_customer"
    assert (await patch(ana, {"phone": "1"}, "nobody", **{"If-Match": '"x"'})).status_code == 404
    read = await ana.get("/customers/ana")
    assert (await patch(ana, {"phone": "1"}, **{"If-Match": read.headers["etag"]})).status_code == 200
    assert (await patch(ana, {"phone": "2"}, **{"If-Match": read.headers["etag"]})).status_code == 412


async def test_a_line_of_a_batch_may_merge(ana: House) -> None:
    await ana.put("/customers/eva", a_person(document=a_document("99")))
    line = {"kind": "customer", "customer_id": "ana", "merge": True}
    answer = await ana.batch(
        {**line, "risk_score": 1, "variables": {"puntos": 2}},
        {**line, "risk_score": 1},
        {**line, "customer_id": "nobody", "phone": "1"},
        {**line, "name": None},
        {**line, "document": {"number": "99"}},
        {"kind": "customer", "customer_id": "eva", "merge": False, **a_person()},
        {"kind": "customer", "customer_id": "luz", **a_person(document=a_document("77"))},
        {"kind": "customer", "customer_id": "luz", "merge": True, "document": {"type": "CE"}},
        results="all",
    )
    assert [one["status"] for one in answer.json()["results"]] == [200, 200, 404, 422, 409, 200, 201, 200]
    read = (await ana.get("/customers/ana")).json()
    assert (read["risk_score"], read["variables"]["puntos"], read["phone"]) == (1, 2, "+57 310 555 0101")
