"""Who declared or changed which variable stands in the record, with what it was before."""

from tests.services.customers.house import House

SCORE = {"type": "number", "title": {"es": "Puntaje"}}


async def test_a_declaration_and_its_change_are_recorded_and_a_repeat_is_not(house: House) -> None:
    renamed = {**SCORE, "title": {"es": "Puntaje externo"}}
    for body in (SCORE, SCORE, renamed):
        await house.put("/variables/score", body)
    changed, declared = (await house.get("/changes", resource="variables")).json()["items"]
    assert (declared["resource"], declared["by"], declared["before"]) == ("variables/score", "tests", None)
    assert declared["at"] == "2026-03-10T14:00:00Z"
    assert declared["after"]["title"] == {"es": "Puntaje", "en": None}
    assert changed["before"] == declared["after"]
    assert changed["after"]["title"]["es"] == "Puntaje externo"


async def test_a_refused_declaration_leaves_nothing(house: House) -> None:
    await house.put("/variables/score", SCORE)
    assert (await house.put("/variables/score", {**SCORE, "type": "text"})).status_code == 409
    assert len((await house.get("/changes")).json()["items"]) == 1


async def test_declarations_of_a_batch_are_recorded_as_well(house: House) -> None:
    await house.batch({"kind": "variable", "id": "score", **SCORE})
    [declared] = (await house.get("/changes", by="tests", resource="variables/score")).json()["items"]
    assert declared["after"]["type"] == "number"
