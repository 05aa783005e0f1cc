"""Flows over HTTP: kept by name, and never taken from under a segment."""

from tests.services.segmenter.house import DRAFT, House, mistakes, problem
from tests.services.segmenter.listener import a_segment

BODY = {"name": "Llamada cordial", "channels": ["call", "email"], "frequency": "weekly", "content": "guion-3"}
PATH = "/flows/cordial"
POINTING = {**a_segment("fallidos", variable="failed_payments", operator="gt", value=1), "flow_id": "cordial"}
SEGMENT = f"{DRAFT}/segments/fallidos"


async def test_a_flow_is_created_repeated_and_replaced(house: House) -> None:
    assert (await house.call("PUT", PATH, BODY)).status_code == 201
    assert (await house.call("PUT", PATH, BODY)).status_code == 200
    assert await house.get(PATH) == {"flow_id": "cordial", **BODY}
    replaced = await house.call("PUT", PATH, {"name": "Llamada", "channels": None})
    assert replaced.json() == {
        "flow_id": "cordial",
        "name": "Llamada",
        "channels": [],
        "frequency": None,
        "content": None,
    }


async def test_a_version_is_checked_where_it_is_sent(house: House) -> None:
    seen = (await house.call("PUT", PATH, BODY)).headers["ETag"]
    await house.call("PUT", PATH, {"name": "Llamada"}, if_match=seen)
    assert problem(await house.call("PUT", PATH, BODY, if_match=seen)) == (412, "stale")
    assert problem(await house.call("DELETE", PATH, if_match=seen)) == (412, "stale")
    assert problem(await house.call("PUT", PATH, BODY, if_none_match="*")) == (412, "already_exists")


async def test_flows_are_listed_page_by_page(house: House) -> None:
    for number in range(5):
        await house.call("PUT", f"/flows/f-{number}", {"name": f"Flujo {number}"})
    first = await house.get("/flows", limit=3)
    second = await house.get("/flows", limit=3, cursor=first["next_cursor"])
    assert [flow["flow_id"] for page in (first, second) for flow in page["items"]] == [f"f-{n}" for n in range(5)]
    assert second["next_cursor"] is None


async def test_bad_flows_are_refused(house: House) -> None:
    assert mistakes(await house.call("PUT", PATH, {"channels": "call"})) == [
        ("/name", "required"),
        ("/channels", "wrong_type"),
    ]
    assert problem(await house.call("GET", PATH)) == (404, "unknown_flow")
    assert problem(await house.call("DELETE", PATH)) == (404, "unknown_flow")


async def test_a_flow_in_use_cannot_be_deleted(house: House) -> None:
    await house.call("PUT", PATH, BODY)
    await house.drafts(POINTING)
    assert await used_by(house) == ["draft segment fallidos"]
    await house.refreshes()
    assert await used_by(house) == ["draft segment fallidos", "segment fallidos"]
    await house.call("DELETE", SEGMENT, if_match=await house.etag(SEGMENT))
    assert await used_by(house) == ["segment fallidos"]
    await house.refreshes()
    assert (await house.call("DELETE", PATH)).status_code == 204


async def test_a_flow_that_a_refresh_is_about_to_publish_cannot_be_deleted(house: House) -> None:
    await house.call("PUT", PATH, BODY)
    await house.drafts(POINTING)
    asked = await house.asks_refresh()
    await house.call("DELETE", SEGMENT, if_match=await house.etag(SEGMENT))
    assert await used_by(house) == ["refreshing segment fallidos"]
    await house.segmenter.runs_refresh()
    assert (await house.get(f"/refreshes/{asked['refresh_id']}"))["state"] == "done"


async def used_by(house: House) -> list[str]:
    refused = await house.call("DELETE", PATH)
    assert problem(refused) == (409, "flow_in_use")
    return list(refused.json()["used_by"])
