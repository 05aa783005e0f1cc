"""Customers over HTTP: registering, replacing, finding; each change one event, a repeat none."""

from typing import Any

import pytest

from tests.services.customers.house import House, open_house
from tests.services.customers.sentences import a_company, a_document, a_person, a_variable, in_dollars, pesos

FULL: dict[str, Any] = {
    "type": "company",
    "name": "Ferretería El Tornillo S.A.S.",
    "currency": "USD",
    "registered_on": "2025-02-03",
    "email": "pagos@eltornillo.demo",
    "emails": ["gerencia@eltornillo.demo"],
    "phone": "+57 310 555 0101",
    "document": {"type": "NIT", "number": "900.123.456-7", "country": "CO"},
    "language": "es-CO",
    "time_zone": "America/Bogota",
    "country": "CO",
    "portfolio": "Energía",
    "client_type": "Mayorista",
    "risk_score": 640.5,
    "do_not_contact_until": "2026-04-01",
}


async def test_a_new_customer_is_told_with_what_was_said(house: House) -> None:
    answer = await house.put("/customers/c1", FULL)
    assert (answer.status_code, answer.json()) == (
        201,
        {"customer_id": "c1", **FULL, "variables": {}, "archived": False},
    )
    [event] = await house.told()
    assert (event.key, event.type, event.sequence) == ("c1", "customer.registered", 1)
    assert event.data == {"customer_id": "c1", **FULL, "variables": {}, "archived": False}
    assert (await house.get("/customers/c1")).json() == answer.json()
    assert len(house.wakes) == 1


async def test_what_is_left_out_takes_the_defaults(house: House) -> None:
    answer = (await house.put("/customers/c1", a_person())).json()
    assert (answer["currency"], answer["registered_on"]) == ("COP", "2026-03-10")


async def test_the_day_of_registration_is_the_business_zones(house: House) -> None:
    house.clock.moment = house.clock.moment.replace(day=11, hour=3)
    assert (await house.put("/customers/c1", a_person())).json()["registered_on"] == "2026-03-10"


@pytest.mark.parametrize(
    "again", [FULL, {**FULL, "registered_on": None}, {**FULL, "variables": {}}, {**FULL, "risk_score": 640.50}]
)
async def test_a_repeat_changes_and_tells_nothing(house: House, again: dict[str, Any]) -> None:
    await house.put("/customers/c1", FULL)
    answer = await house.put("/customers/c1", again)
    assert answer.status_code == 200
    assert len(await house.told()) == 1
    assert len(house.wakes) == 1


async def test_a_repeat_is_one_also_when_its_currency_has_left_the_deployment(customers_database: str) -> None:
    credit = a_person(currency="USD", variables={"cupo": in_dollars("5")})
    async with open_house(customers_database) as house:
        await house.put("/variables/cupo", a_variable("money"))
        await house.put("/customers/c1", credit)
    async with open_house(customers_database, ["COP"]) as house:
        before = len(await house.told())
        assert (await house.put("/customers/c1", credit)).status_code == 200
        assert (await house.http.patch("/v1/customers/c1", json=credit)).status_code == 200
        assert len(await house.told()) == before
        assert (await house.put("/customers/c2", credit)).status_code == 422
        refused = await house.http.patch("/v1/customers/c1", json={"variables": {"cupo": in_dollars("6")}})
        assert [one["pointer"] for one in refused.json()["errors"]] == ["/variables/cupo/currency"]


async def test_a_write_replaces_all_but_the_day_of_registration(house: House) -> None:
    await house.put("/customers/c1", FULL)
    answer = await house.put("/customers/c1", a_person("Ana"))
    assert answer.status_code == 200
    expected = {"type": "person", "name": "Ana", "currency": "COP", "registered_on": "2025-02-03", "emails": []}
    assert {key: value for key, value in answer.json().items() if value is not None} == {
        "customer_id": "c1",
        "variables": {},
        "archived": False,
        **expected,
    }
    assert [(event.type, event.sequence) for event in await house.told()] == [
        ("customer.registered", 1),
        ("customer.updated", 2),
    ]


async def test_an_empty_text_says_nothing(house: House) -> None:
    answer = (await house.put("/customers/c1", a_person(email="", phone=" ", portfolio=""))).json()
    assert (answer["email"], answer["phone"], answer["portfolio"]) == (None, None, None)


async def test_variables_are_loaded_by_their_types(house: House) -> None:
    for kind in ("text", "number", "money", "date", "boolean"):
        await house.put(f"/variables/v_{kind}", a_variable(kind))
    await house.put("/variables/v_choice", a_variable("choice", choices=["oro", "plata"]))
    said = {
        "v_text": "Luisa",
        "v_number": 12.5,
        "v_money": "5000000",
        "v_date": "2026-12-31",
        "v_boolean": False,
        "v_choice": "oro",
    }
    answer = await house.put("/customers/c1", a_person(variables=said))
    loaded = {**said, "v_money": pesos("5000000.00")}
    assert answer.json()["variables"] == loaded
    assert (await house.told())[-1].data["variables"] == loaded
    assert (await house.get("/customers/c1")).json()["variables"] == loaded
    again = {**said, "v_money": {"amount": "5000000.0", "currency": "COP"}}
    assert (await house.put("/customers/c1", a_person(variables=again))).status_code == 200
    assert len(await house.told()) == 7


async def test_money_variables_may_name_another_currency_and_null_loads_nothing(house: House) -> None:
    await house.put("/variables/cupo", a_variable("money"))
    await house.put("/variables/asesor", a_variable("text"))
    answer = await house.put("/customers/c1", a_person(variables={"cupo": in_dollars("10"), "asesor": None}))
    assert answer.json()["variables"] == {"cupo": in_dollars("10.00")}


async def test_a_document_belongs_to_one_customer(house: House) -> None:
    await house.put("/customers/c1", a_person(document=a_document("900.123-4")))
    answer = await house.put("/customers/c2", a_person(document=a_document("9001234", "cc")))
    assert (answer.status_code, answer.json()["code"], answer.json()["customer_id"]) == (409, "document_in_use", "c1")
    assert (await house.get("/customers/c2")).status_code == 404
    assert (await house.put("/customers/c2", a_person(document=a_document("9001234", "NIT")))).status_code == 201


async def test_a_document_that_was_let_go_can_be_taken(house: House) -> None:
    await house.put("/customers/c1", a_person(document=a_document("1")))
    await house.put("/customers/c1", a_person())
    assert (await house.put("/customers/c2", a_person(document=a_document("1")))).status_code == 201


async def test_customers_are_found_by_name_address_and_document(house: House) -> None:
    await house.put("/customers/c1", a_person("José Pérez Núñez", email="Jose@Correo.demo", document=a_document("1.1")))
    await house.put("/customers/c2", a_company("Perezoso & Cía", emails=["otra@correo.demo"]))
    assert await _found(house, name="pere") == ["c1", "c2"]
    assert await _found(house, name="nun JOSE") == ["c1"]
    assert await _found(house, name="erez") == []
    assert await _found(house, name="'\\:*&") == []
    assert await _found(house, email="jose@correo.demo") == ["c1"]
    assert await _found(house, email="OTRA@correo.demo", name="cia") == ["c2"]
    assert await _found(house, document="11") == ["c1"]
    assert await _found(house, document="11", name="cia") == []


async def _found(house: House, **wanted: str) -> list[str]:
    return [customer["customer_id"] for customer in (await house.get("/customers", **wanted)).json()["items"]]


async def test_letters_that_fold_to_several_make_no_name_too_long(house: House) -> None:
    name = "㌀" * 200
    assert (await house.put("/customers/c1", a_person(name=name))).status_code == 201
    assert [one["name"] for one in (await house.get("/customers", name=name)).json()["items"]] == [name]


async def test_lists_go_on_at_their_cursor(house: House) -> None:
    for number in range(5):
        await house.put(f"/customers/c{number}", a_person())
    seen: list[str] = []
    cursor = None
    for _ in range(3):
        page = (await house.get("/customers", limit=2, **({"cursor": cursor} if cursor else {}))).json()
        seen += [customer["customer_id"] for customer in page["items"]]
        cursor = page["next_cursor"]
    assert (seen, cursor) == (["c0", "c1", "c2", "c3", "c4"], None)


@pytest.mark.parametrize("cursor", ["x", "WyIgIl0", "WyJhIiwgImIiXQ", "WzFd"])
async def test_a_made_up_cursor_is_refused(house: House, cursor: str) -> None:
    answer = await house.get("/customers", cursor=cursor)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_cursor")


async def test_preconditions_guard_a_write(house: House) -> None:
    first = await house.put("/customers/c1", a_person("Ana"), **{"If-None-Match": "*"})
    assert first.status_code == 201
    assert (await house.put("/customers/c1", a_person("Eva"), **{"If-None-Match": "*"})).status_code == 412
    assert (await house.put("/customers/c1", a_person("Eva"), **{"If-Match": '"other"'})).status_code == 412
    assert (await house.put("/customers/c2", a_person("Eva"), **{"If-Match": '"other"'})).status_code == 412
    changed = await house.put("/customers/c1", a_person("Eva"), **{"If-Match": first.headers["etag"]})
    assert changed.status_code == 200
    assert (await house.get("/customers/c1")).headers["etag"] == changed.headers["etag"] != first.headers["etag"]


async def test_an_unknown_customer_is_not_found(house: House) -> None:
    for path in ("", "/profile", "/snapshot", "/invoices", "/payments", "/invoices/f1", "/payments/p1"):
        answer = await house.get(f"/customers/nobody{path}")
        assert answer.status_code == 404, path
        assert answer.headers["content-type"] == "application/problem+json"


async def test_without_the_key_nothing_is_answered(house: House) -> None:
    house.http.headers.pop("X-Api-Key")
    assert (await house.get("/customers")).status_code == 401
    assert (await house.put("/customers/c1", a_person())).status_code == 401
