"""Actualizar over HTTP: one at a time, of the draft that was seen, cancelled only while nothing is visible."""

from tests.oracle.accounts import account, failed
from tests.services.segmenter.house import DRAFT, House, problem
from tests.services.segmenter.listener import a_segment
from tests.services.segmenter.verdicts import told

FAILING = a_segment("fallidos", variable="failed_payments", operator="gt", value=0)


async def test_it_publishes_the_draft_that_was_seen(house: House) -> None:
    seen = await house.etag(DRAFT)
    await house.drafts(FAILING)
    assert problem(await house.call("POST", "/refreshes")) == (428, "if_match_required")
    assert problem(await house.call("POST", "/refreshes", if_match=seen)) == (412, "stale")
    asked = await house.call("POST", "/refreshes", if_match=await house.etag(DRAFT))
    assert asked.status_code == 202
    assert asked.json()["state"] == "preparing"
    assert asked.headers["Location"] == f"/v1/refreshes/{asked.json()['refresh_id']}"


async def test_its_progress_and_its_end_can_be_read(house: House) -> None:
    today = house.segmenter.clock.day
    await told(house.segmenter, account(failed(on=today), customer_id="ana"), account(customer_id="eva"))
    await house.drafts(FAILING)
    done = await house.refreshes()
    shown = {name: done[name] for name in ("state", "revision", "done", "total", "changed", "eta_seconds", "error")}
    assert shown == {
        "state": "done",
        "revision": 2,
        "done": 2,
        "total": 2,
        "changed": 1,
        "eta_seconds": 0,
        "error": None,
    }
    assert done["as_of"] == today.isoformat()


async def test_one_at_a_time(house: House) -> None:
    asked = await house.asks_refresh()
    second = await house.call("POST", "/refreshes", if_match=await house.etag(DRAFT))
    assert problem(second) == (409, "refresh_running")
    assert second.json()["refresh_id"] == asked["refresh_id"]
    assert (await house.get("/status"))["refresh"] == asked["refresh_id"]
    await house.segmenter.runs_refresh()
    assert (await house.get("/status"))["refresh"] is None
    await house.asks_refresh()


async def test_edits_after_it_was_asked_for_are_not_in_it(house: House) -> None:
    await house.asks_refresh()
    await house.drafts(FAILING)
    await house.segmenter.runs_refresh()
    assert [segment["segment_id"] for segment in (await house.get("/cascade"))["segments"]] == ["default"]


async def test_what_is_published_may_be_published_again(house: House) -> None:
    assert (await house.refreshes())["revision"] == 2
    assert (await house.refreshes())["revision"] == 3


async def test_it_can_be_cancelled_before_it_publishes(house: House) -> None:
    await house.drafts(FAILING)
    path = f"/refreshes/{(await house.asks_refresh())['refresh_id']}"
    assert (await house.post(f"{path}/cancel"))["state"] == "cancelled"
    assert (await house.post(f"{path}/cancel"))["state"] == "cancelled"
    await house.segmenter.runs_refresh()
    assert (await house.get(path))["state"] == "cancelled"
    assert (await house.get("/cascade"))["revision"] == 1


async def test_it_cannot_be_cancelled_afterwards(house: House) -> None:
    done = await house.refreshes()
    path = f"/refreshes/{done['refresh_id']}"
    assert problem(await house.call("POST", f"{path}/cancel")) == (409, "already_published")
    assert await house.get(path) == done


async def test_a_refresh_nobody_asked_for(house: House) -> None:
    stranger = "/refreshes/018f0000-0000-7000-8000-000000000000"
    assert problem(await house.call("GET", stranger)) == (404, "unknown_refresh")
    assert problem(await house.call("POST", f"{stranger}/cancel")) == (404, "unknown_refresh")
