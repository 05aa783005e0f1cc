"""Who changed which statement rule, and who settled a run, a delivery or a suppression, stands in the record."""

from typing import Any

from tests.services.statements.house import House, rule_body
from tests.services.statements.provider import event, sent, tell
from tests.services.statements.resolving import in_doubt, resolve
from tests.services.statements.thursday_run import PERIOD, debtor, planned


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


async def recorded_of(house: House, resource: str) -> list[tuple[str, Any, Any]]:
    items = (await house.http.get("/v1/changes", params={"resource": resource, "by": "tests"})).json()["items"]
    return [(item["resource"], item["before"], item["after"]) for item in reversed(items)]


async def test_who_cancelled_a_run_is_recorded_once(house: House) -> None:
    await planned(house, debtor("a"))
    path = f"runs/{(await house.run_of('r', PERIOD))['run_id']}"
    for _ in range(2):
        await house.http.post(f"/v1/{path}/cancel")
    assert await recorded_of(house, path) == [(path, {"state": "running"}, {"state": "cancelled"})]


async def test_who_resolved_deliveries_is_recorded(forgetful: House) -> None:
    run = await in_doubt(forgetful, "a", "b")
    paths = {one: f"deliveries/{row['delivery_id']}" for one, row in (await forgetful.deliveries(run)).items()}
    await resolve(forgetful, f"/{paths['a']}", "sent")
    await resolve(forgetful, f"/runs/{run['run_id']}", "not_sent", **{"from": "unknown"})
    assert await recorded_of(forgetful, "deliveries") == [
        (paths["a"], {"state": "unknown"}, {"state": "accepted"}),
        (paths["b"], {"state": "unknown"}, {"state": "retry_wait"}),
    ]


async def test_who_lifted_a_suppression_is_recorded_without_the_address(house: House) -> None:
    delivery_id = await sent(house)
    await tell(house, event(delivery_id, "bounced", bounce="hard"))
    [found] = (await house.get("/suppressions"))["items"]
    path = f"suppressions/{found['suppression_id']}"
    await house.http.delete(f"/v1/{path}")
    was = {"reason": "hard_bounce", "since": found["since"], "customer_id": "a", "delivery_id": delivery_id}
    assert await recorded_of(house, "suppressions") == [(path, was, None)]
