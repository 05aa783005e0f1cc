"""Declarations of custom variables over HTTP."""

from typing import Any

import pytest

from tests.services.customers.house import House
from tests.services.customers.sentences import a_person, a_variable


async def test_a_declaration_is_told_under_a_key_that_is_no_customers(house: House) -> None:
    said = {
        "type": "choice",
        "title": {"es": "Asesor", "en": "Adviser"},
        "description": "Quién llama",
        "choices": ["Luisa", "Óscar"],
    }
    answer = await house.put("/variables/asesor", said)
    assert (answer.status_code, answer.json()) == (201, {"key": "asesor", **said})
    assert (await house.get("/variables/asesor")).json() == answer.json()
    assert (await house.get("/variables")).json()["items"] == [answer.json()]
    [event] = await house.told()
    assert (event.key, event.type, event.sequence) == ("~asesor", "variable.declared", 1)
    assert event.data == answer.json()


async def test_a_repeat_tells_nothing_and_a_change_the_next_of_its_sequence(house: House) -> None:
    await house.put("/variables/cupo", a_variable("money"))
    assert (await house.put("/variables/cupo", a_variable("money", choices=None))).status_code == 200
    assert (await house.put("/variables/cupo", a_variable("money", description="Aprobado"))).status_code == 200
    assert [(event.sequence, event.data["description"]) for event in await house.told()] == [(1, None), (2, "Aprobado")]


async def test_the_type_never_changes(house: House) -> None:
    await house.put("/variables/cupo", a_variable("money"))
    answer = await house.put("/variables/cupo", a_variable("number"))
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert len(await house.told()) == 1


async def test_a_choice_in_use_stays(house: House) -> None:
    await house.put("/variables/nivel", a_variable("choice", choices=["oro", "plata"]))
    await house.put("/customers/c1", a_person(variables={"nivel": "oro"}))
    answer = await house.put("/variables/nivel", a_variable("choice", choices=["plata"]))
    assert (answer.status_code, answer.json()["code"]) == (409, "choice_in_use")
    assert (await house.put("/variables/nivel", a_variable("choice", choices=["oro", "bronce"]))).status_code == 200
    await house.put("/customers/c1", a_person())
    assert (await house.put("/variables/nivel", a_variable("choice", choices=["bronce"]))).status_code == 200


@pytest.mark.parametrize(
    ("key", "body", "code", "pointer"),
    [
        ("total_balance", a_variable("money"), "reserved_name", ""),
        ("Cupo", a_variable("money"), "invalid_id", "/path/key"),
        ("9x", a_variable("money"), "invalid_id", "/path/key"),
        ("x" * 64, a_variable("money"), "invalid_id", "/path/key"),
        ("cupo", a_variable("list"), "unknown_choice", "/type"),
        ("cupo", a_variable("choice"), "required", "/choices"),
        ("cupo", a_variable("choice", choices=[]), "required", "/choices"),
        ("cupo", a_variable("choice", choices=["a", "a"]), "duplicate", "/choices"),
        ("cupo", a_variable("text", choices=["a"]), "not_allowed", "/choices"),
        ("cupo", {"type": "text"}, "required", "/title"),
        ("cupo", {"type": "text", "title": {"en": "Limit"}}, "required", "/title/es"),
        ("cupo", a_variable("text", unit="kg"), "unknown_field", "/unit"),
    ],
)
async def test_what_cannot_be_declared(house: House, key: str, body: dict[str, Any], code: str, pointer: str) -> None:
    answer = await house.put(f"/variables/{key}", body)
    assert answer.status_code == 422
    assert [(one["code"], one["pointer"]) for one in answer.json()["errors"]] == [(code, pointer)]
    assert await house.told() == []
    assert (await house.get("/variables")).json()["items"] == []


async def test_zero_has_no_sign(house: House) -> None:
    await house.put("/variables/cupo", a_variable("money"))
    await house.put("/variables/puntos", a_variable("number"))
    body = a_person(risk_score=-0.0, variables={"cupo": "-0.00", "puntos": -0.0})
    answer = await house.put("/customers/c1", body)
    assert answer.status_code == 201
    assert '"risk_score":0,' in answer.text
    assert '"variables":{"cupo":{"amount":"0.00","currency":"COP"},"puntos":0}' in answer.text
