"""Who made, changed, switched, copied or deleted which statement rule stands in the record."""

from typing import Any

from tests.services.statements.house import House, rule_body


async def recorded(house: House) -> list[tuple[str, Any, Any]]:
    """(resource, before, after), oldest first."""
    items = (await house.http.get("/v1/changes", params={"resource": "rules", "by": "tests"})).json()["items"]
    return [(item["resource"], item["before"], item["after"]) for item in reversed(items)]


async def etag(house: House, rule_id: str) -> dict[str, str]:
    return {"If-Match": (await house.http.get(f"/v1/rules/{rule_id}")).headers["ETag"]}


async def test_a_rule_s_life_is_recorded(house: House) -> None:
    http = house.http
    for body in (rule_body(), rule_body()):
        await http.put("/v1/rules/r1", json=body)
    await http.put("/v1/rules/r1", json=rule_body(name="Otra"), headers=await etag(house, "r1"))
    for _ in range(2):
        await http.post("/v1/rules/r1/deactivate")
    await http.post("/v1/rules/r1/activate")
    await http.post("/v1/rules/r1/copy", json={"rule_id": "r2", "name": "Copia"})
    await http.delete("/v1/rules/r1", headers=await etag(house, "r1"))
    found = await recorded(house)

    def brief(rule: Any) -> Any:
        return rule and (rule["name"], rule["status"])

    assert [(resource, brief(before), brief(after)) for resource, before, after in found] == [
        ("rules/r1", None, ("Lunes y jueves", "active")),
        ("rules/r1", ("Lunes y jueves", "active"), ("Otra", "active")),
        ("rules/r1", ("Otra", "active"), ("Otra", "inactive")),
        ("rules/r1", ("Otra", "inactive"), ("Otra", "active")),
        ("rules/r2", None, ("Copia", "inactive")),
        ("rules/r1", ("Otra", "active"), None),
    ]
    assert found[0][2]["time"] == "09:00:00"


async def test_an_id_that_is_used_again_begins_anew(house: House) -> None:
    await house.http.put("/v1/rules/r1", json=rule_body())
    await house.http.delete("/v1/rules/r1", headers=await etag(house, "r1"))
    await house.http.put("/v1/rules/r1", json=rule_body())
    assert (await recorded(house))[-1][1] is None


async def test_customers_behind_can_be_seen_here_too(house: House) -> None:
    assert (await house.http.get("/v1/behind")).json() == {"items": [], "next_cursor": None}
    assert (await house.http.post("/v1/behind/ana/retry")).json()["code"] == "not_behind"
