"""The record of changes: who edited the draft, a flow or the published cascade, when, before → after."""

from datetime import date
from typing import Any

from tests.services.segmenter.house import DRAFT, House, problem
from tests.services.segmenter.listener import a_segment

FAILING = a_segment("fallidos", variable="failed_payments", operator="gt", value=0)
OWING = a_segment("deudores", variable="total_balance", operator="gt", value={"amount": "1", "currency": "COP"})


async def recorded(house: House, **asked: Any) -> list[tuple[str, Any, Any]]:
    """(resource, before, after), oldest first."""
    items = (await house.get("/changes", **asked))["items"]
    assert {item["by"] for item in items} <= {"tests"}
    return [(item["resource"], item["before"], item["after"]) for item in reversed(items)]


async def test_a_segment_s_life_is_recorded(house: House) -> None:
    await house.drafts(FAILING)
    path = f"{DRAFT}/segments/fallidos"
    body = {"name": "Pagos fallidos", "rule": FAILING["rule"]}
    await house.call("PUT", path, body, if_match=await house.etag(path))
    await house.call("PUT", path, body, if_match=await house.etag(path))
    await house.call("DELETE", path, if_match=await house.etag(path))
    first, renamed = FAILING, {**FAILING, "name": "Pagos fallidos"}
    assert await recorded(house) == [
        ("cascade/draft/segments/fallidos", None, first),
        ("cascade/draft/segments/fallidos", first, renamed),
        ("cascade/draft/segments/fallidos", renamed, None),
    ]


async def test_an_edit_that_changes_nothing_leaves_the_record_and_the_version(house: House) -> None:
    await house.drafts(FAILING, OWING)
    seen, before = await house.etag(DRAFT), await recorded(house)
    ordered = await house.orders("fallidos", "deudores")
    settings = await house.call("PUT", f"{DRAFT}/settings", {}, if_match=seen)
    assert [answer.headers["ETag"] for answer in (ordered, settings)] == [seen, seen]
    assert await recorded(house) == before


async def test_a_copy_is_a_new_segment_and_moves_no_other(house: House) -> None:
    await house.drafts(FAILING, OWING)
    await house.post(f"{DRAFT}/segments/fallidos/copy", {"segment_id": "otros", "name": "Otros"})
    [(resource, before, after)] = await recorded(house, resource="segments/otros")
    assert (resource, before, after["name"]) == ("cascade/draft/segments/otros", None, "Otros")
    assert await recorded(house, resource="order") == []


async def test_another_order_is_recorded_once(house: House) -> None:
    await house.drafts(FAILING, OWING)
    for _ in range(2):
        await house.orders("deudores", "fallidos")
    was, now = ["fallidos", "deudores", "default"], ["deudores", "fallidos", "default"]
    assert (await recorded(house, resource="cascade/draft/order"))[0] == ("cascade/draft/order", was, now)
    assert len(await recorded(house, resource="order")) == 1


async def test_settings_are_recorded(house: House) -> None:
    body = {"aging_edges": [15, 45]}
    await house.call("PUT", f"{DRAFT}/settings", body, if_match=await house.etag(DRAFT))
    [(_, before, after)] = await recorded(house, resource="settings")
    assert (before["aging_edges"], after["aging_edges"]) == ([30, 60, 90], [15, 45])


async def test_discarding_tells_what_went(house: House) -> None:
    await house.drafts(FAILING)
    await house.call("POST", f"{DRAFT}/discard", if_match=await house.etag(DRAFT))
    assert (await recorded(house))[-1] == ("cascade/draft/segments/fallidos", FAILING, None)


async def test_restoring_tells_what_came_back(house: House) -> None:
    await house.drafts(FAILING)
    await house.call("POST", f"{DRAFT}/restore", {"revision": 1}, if_match=await house.etag(DRAFT))
    assert (await recorded(house))[-1] == ("cascade/draft/segments/fallidos", FAILING, None)


async def test_flows_are_recorded(house: House) -> None:
    for name in ("Amable", "Firme"):
        await house.call("PUT", "/flows/f1", {"name": name})
    await house.call("DELETE", "/flows/f1")
    found = await recorded(house, resource="flows/f1")
    assert [(b and b["name"], a and a["name"]) for _, b, a in found] == [
        (None, "Amable"),
        ("Amable", "Firme"),
        ("Firme", None),
    ]


async def test_whoever_pressed_actualizar_published(house: House) -> None:
    await house.drafts(FAILING)
    refresh = await house.refreshes()
    asked = f"refreshes/{refresh['refresh_id']}"
    assert (await recorded(house))[-2:] == [
        (asked, None, {"state": "preparing"}),
        ("cascade", {"revision": 1}, {"revision": 2}),
    ]
    assert (await house.get("/cascade"))["published_by"] == "tests"


async def test_a_cancelled_refresh_is_recorded_once(house: House) -> None:
    asked = await house.asks_refresh()
    for _ in range(2):
        await house.post(f"/refreshes/{asked['refresh_id']}/cancel")
    found = await recorded(house, resource="refreshes")
    assert [after for _, _, after in found] == [{"state": "preparing"}, {"state": "cancelled"}]


async def test_what_was_refused_is_not_recorded(house: House) -> None:
    await house.drafts(FAILING)
    refused = await house.call("PUT", f"{DRAFT}/segments/otro", {"name": "FALLIDOS", "rule": FAILING["rule"]})
    assert problem(refused) == (409, "name_taken")
    assert len(await recorded(house)) == 1


async def test_the_record_is_read_in_pages_newest_first(house: House) -> None:
    for number in range(5):
        await house.call("PUT", f"/flows/f{number}", {"name": f"Flujo {number}"})
    seen, cursor = list[str](), dict[str, str]()
    while True:
        page = await house.get("/changes", limit=2, **cursor)
        seen += [item["resource"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == [f"flows/f{number}" for number in reversed(range(5))]


async def test_the_record_is_asked_by_person_and_time(house: House) -> None:
    await house.call("PUT", "/flows/f1", {"name": "Ayer"})
    house.segmenter.clock.day = date(2026, 3, 10)
    await house.call("PUT", "/flows/f2", {"name": "Hoy"})
    today = house.segmenter.clock.now().isoformat()
    assert [resource for resource, _, _ in await recorded(house, **{"from": today})] == ["flows/f2"]
    assert await recorded(house, by="ana") == []
    assert await recorded(house, resource="flow") == [], "a part of a word is no part of the path"
    cursorless = await house.http.get("/v1/changes", params={"cursor": "x"})
    assert problem(cursorless) == (422, "invalid_cursor")
