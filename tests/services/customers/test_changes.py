"""Who declared or changed which variable stands in the record, with what it was before."""

from tests.services.customers.house import House
from tests.services.customers.sentences import a_person

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


async def test_archiving_and_its_undoing_are_recorded_once_each(house: House) -> None:
    await house.put("/customers/ana", a_person())
    for action in ("unarchive", "archive", "archive", "unarchive"):
        await house.http.post(f"/v1/customers/ana/{action}")
    undone, done = (await house.get("/changes", resource="customers/ana")).json()["items"]
    assert (done["by"], done["before"], done["after"]) == ("tests", {"archived": False}, {"archived": True})
    assert (undone["before"], undone["after"]) == ({"archived": True}, {"archived": False})


async def test_an_erasure_is_recorded_once_with_nothing_personal(house: House) -> None:
    await house.put("/customers/ana", a_person())
    await house.http.delete("/v1/customers/ana", headers={"If-Match": '"another"'})
    for _ in range(2):
        await house.http.delete("/v1/customers/ana")
    [erased] = (await house.get("/changes", resource="customers")).json()["items"]
    assert (erased["resource"], erased["by"]) == ("customers/ana", "tests")
    assert (erased["before"], erased["after"]) == ({"erased": False}, {"erased": True})
