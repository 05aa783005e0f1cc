"""Webhooks over HTTP: what is kept and shown, which URLs are refused, and the test POST."""

from collections.abc import AsyncIterator

import pytest

from services.segmenter.domain.webhooks import is_public
from services.segmenter.outbound.webhooks import Poster
from shared.database.engine import Database
from tests.services.segmenter.house import House, mistakes, open_house, problem
from tests.services.segmenter.listener import SetClock
from tests.services.segmenter.receiver import receiving

SECRET = "a-secret-of-some-length"
TYPES = ["segment.assigned", "alert.raised"]
BODY = {"url": "http://127.0.0.1:9/hook", "event_types": TYPES, "secret": SECRET}


@pytest.fixture
async def production(database: Database, clock: SetClock) -> AsyncIterator[House]:
    async with open_house(database, clock, poster=Poster()) as opened:
        yield opened


async def test_a_webhook_is_kept_without_telling_its_secret(house: House) -> None:
    made = await house.call("PUT", "/webhooks/crm", BODY)
    assert made.status_code == 201
    assert (await house.call("PUT", "/webhooks/crm", BODY)).headers["ETag"] == made.headers["ETag"]
    edited = await house.call("PUT", "/webhooks/crm", {**BODY, "secret": SECRET + "!"})
    assert (edited.status_code, edited.headers["ETag"] == made.headers["ETag"]) == (200, False)
    stale = await house.call("PUT", "/webhooks/crm", BODY, if_match=made.headers["ETag"])
    assert problem(stale) == (412, "stale")
    assert problem(await house.call("PUT", "/webhooks/crm", BODY, if_none_match="*")) == (412, "already_exists")
    [listed] = (await house.get("/webhooks"))["items"]
    assert listed == {
        "webhook_id": "crm",
        "url": BODY["url"],
        "event_types": sorted(TYPES),
        "state": "active",
        "failures": 0,
        "failing_since": None,
        "next_try_at": None,
    }
    assert (await house.call("DELETE", "/webhooks/crm")).status_code == 204
    assert problem(await house.call("GET", "/webhooks/crm")) == (404, "unknown_webhook")
    changes = await house.http.get("/v1/changes", params={"resource": "webhooks/crm"})
    assert len(changes.json()["items"]) == 3
    assert changes.json()["items"][1]["after"]["secret_changed"] is True
    assert SECRET not in changes.text + edited.text


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ({"event_types": []}, [("/event_types", "empty_list")]),
        ({"event_types": ["invoice.issued"]}, [("/event_types/0", "unknown_choice")]),
        ({"secret": None}, [("/secret", "wrong_type")]),
        ({"url": "ftp://example.com"}, [("/url", "invalid_url")]),
        ({"url": "https://"}, [("/url", "invalid_url")]),
        ({"url": "https://me:pw@example.com"}, [("/url", "invalid_url")]),
        ({"url": "https://example.com:99999"}, [("/url", "invalid_url")]),
    ],
)
async def test_bad_input_is_named(house: House, wrong: dict[str, object], found: list[tuple[str, str]]) -> None:
    assert mistakes(await house.call("PUT", "/webhooks/crm", {**BODY, **wrong})) == found


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://93.184.215.14/hook", "https_required"),
        ("https://127.0.0.1/hook", "forbidden_address"),
        ("https://localhost/hook", "forbidden_address"),
        ("https://2130706433/hook", "forbidden_address"),
        ("https://10.1.2.3/hook", "forbidden_address"),
        ("https://169.254.169.254/latest", "forbidden_address"),
        ("https://[::1]/hook", "forbidden_address"),
        ("https://[::ffff:192.168.0.1]/hook", "forbidden_address"),
    ],
)
async def test_outside_of_local_only_https_to_public_addresses(production: House, url: str, code: str) -> None:
    assert mistakes(await production.call("PUT", "/webhooks/crm", {**BODY, "url": url})) == [("/url", code)]


async def test_a_name_that_points_inside_later_is_not_posted_to(house: House, production: House) -> None:
    with receiving() as receiver:
        for url in receiver.url, receiver.url.replace("http:", "https:"):
            await house.call("PUT", "/webhooks/crm", {**BODY, "url": url})
            answer = await production.post("/webhooks/crm/test")
            assert answer == {"outcome": "forbidden_address", "status": None}
        assert receiver.posts == []


def test_which_addresses_are_public() -> None:
    inside = ["10.0.0.1", "100.64.0.1", "192.0.2.1", "224.0.0.1", "fe80::1%eth0", "fd00::1", "64:ff9b::a00:1", "::"]
    inside += ["2002:a00:1::1", "::a00:1", "64:ff9b:1::a00:1", "fec0::1"]
    assert [is_public(address) for address in inside] == [False] * len(inside)
    assert [is_public(address) for address in ("8.8.8.8", "2606:4700::1111", "64:ff9b::808:808")] == [True] * 3


async def test_the_test_post_says_what_came_back(house: House) -> None:
    with receiving() as receiver:
        receiver.answers = [418]
        await house.call("PUT", "/webhooks/crm", {**BODY, "url": receiver.url})
        assert await house.post("/webhooks/crm/test") == {"outcome": "refused", "status": 418}
        assert await house.post("/webhooks/crm/test") == {"outcome": "delivered", "status": 204}
        assert receiver.is_signed(SECRET)
        assert [(got["type"], got["subject"]) for [got] in receiver.batches] == [("webhook.test", "crm")] * 2
    assert (await house.get("/webhooks/crm/deliveries"))["items"] == []
    assert problem(await house.call("POST", "/webhooks/none/test")) == (404, "unknown_webhook")
    answer = await house.call("GET", "/webhooks/crm/deliveries?cursor=WyJ4Il0")
    assert mistakes(answer) == [("/query/cursor", "invalid_cursor")]
