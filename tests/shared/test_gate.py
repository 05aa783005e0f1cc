"""Before every route: a key, and no body over the limit; every refusal is a problem that names the place."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from prometheus_client import REGISTRY

from shared.basics.errors import Unavailable
from shared.http.access import UsualScopes
from shared.http.app import create_app
from shared.http.fields import Amount, Body, Instant, IsoDate, PathId, ShortText, Text
from shared.http.process import LOOKED_AT, Process
from tests.support.access import one_key
from tests.support.serving_app import serving_by_thread

KEY = "a-key-for-tests-only"
USUAL = UsualScopes(read="segments:read", write="segments:write")


class Thing(Body):
    """What the test route takes."""

    amount: Amount
    due_on: IsoDate | None = None
    note: Text | None = None
    name: ShortText | None = None
    at: Instant | None = None


router = APIRouter()


@router.put("/things/{thing_id}")
async def put_thing(thing_id: PathId, thing: Thing) -> dict[str, str]:
    at = {"at": thing.at.isoformat()} if thing.at else {}
    return {"thing_id": thing_id, "amount": str(thing.amount), **at}


@router.get("/things/{thing_id}")
async def get_thing(thing_id: PathId) -> dict[str, str]:
    return {"thing_id": thing_id}


@router.put("/other-things/{thing_id}")
async def put_other_thing(thing_id: PathId, thing: dict[str, str]) -> None:
    raise AssertionError("nobody gets here")


@router.get("/away")
async def away() -> None:
    raise Unavailable("database_unavailable", "away")


@router.get("/broken")
async def broken() -> None:
    raise RuntimeError("secret of the house")


def an_app() -> FastAPI:
    async def ready() -> bool:
        return False

    return create_app(
        title="test",
        routers=[router],
        usual_scopes=USUAL,
        process=Process(callers=one_key(KEY), ready=ready),
        body_limits={"/v1/things/small": 100},
    )


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(an_app(), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers={"X-Api-Key": KEY}) as found:
        yield found


async def chunks(size: int) -> AsyncIterator[bytes]:
    for _ in range(size):
        yield b" "


def problem(answer: httpx.Response, status: int) -> dict[str, object]:
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, object] = answer.json()
    assert (answer.status_code, body["status"]) == (status, status)
    return body


async def test_a_right_request_passes(client: httpx.AsyncClient) -> None:
    answer = await client.put("/v1/things/a", json={"amount": "1.50"})
    assert (answer.status_code, answer.json()) == (200, {"thing_id": "a", "amount": "1.50"})


@pytest.mark.parametrize("key", ["", "another-key-of-someone"])
async def test_without_the_key_nothing_is_even_parsed(client: httpx.AsyncClient, key: str) -> None:
    answer = await client.put("/v1/things/a", content=b"{", headers={"X-Api-Key": key})
    assert problem(answer, 401)["code"] == "unauthenticated"


async def test_an_app_that_is_only_looked_at_lets_nobody_in() -> None:
    app = create_app(title="test", routers=[router], usual_scopes=USUAL, process=LOOKED_AT)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as keyless:
        assert problem(await keyless.get("/v1/away"), 401)["code"] == "unauthenticated"


@pytest.mark.parametrize("path", ["/livez", "/metrics", "/docs", "/openapi.json"])
async def test_health_and_docs_are_open(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path, headers={"X-Api-Key": ""})).status_code == 200


async def test_the_docs_load_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    assert "https://" not in (await client.get("/docs")).text


async def test_not_ready_says_so(client: httpx.AsyncClient) -> None:
    assert (await client.get("/readyz")).status_code == 503


async def test_an_announced_body_over_the_limit_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.put("/v1/things/small", json={"amount": "1", "note": "x" * 200})
    assert problem(answer, 413)["code"] == "body_too_large"


async def test_a_body_that_grows_over_the_limit_is_refused(client: httpx.AsyncClient) -> None:
    headers = {"content-type": "application/json"}
    answer = await client.put("/v1/things/small", content=chunks(200), headers=headers)
    assert problem(answer, 413)["limit"] == 100


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"amount": 1.5}, "/amount", "wrong_type"),
        ({"amount": "1.23456"}, "/amount", "wrong_type"),
        ({}, "/amount", "required"),
        ({"amount": "1", "colour": "red"}, "/colour", "unknown_field"),
        ({"amount": "1", "due_on": "2026-02-30"}, "/due_on", "wrong_type"),
        ({"amount": "1", "due_on": 20260228}, "/due_on", "wrong_type"),
        ({"amount": "1", "note": "a\x00b"}, "/note", "wrong_type"),
        ([], "", "wrong_type"),
    ],
)
async def test_bad_input_names_the_place(client: httpx.AsyncClient, body: object, pointer: str, code: str) -> None:
    answer = problem(await client.put("/v1/things/a", json=body), 422)
    found = answer["errors"]
    assert isinstance(found, list)
    assert [(e["pointer"], e["code"]) for e in found] == [(pointer, code)]
    assert answer["code"] == code


async def test_broken_json_is_a_400(client: httpx.AsyncClient) -> None:
    answer = await client.put("/v1/things/a", content=b'{"amount": ', headers={"content-type": "application/json"})
    assert problem(answer, 400)["code"] == "malformed_json"


@pytest.mark.parametrize("body", [b'{"note": "\xff"}', b"[" * 100_000], ids=["no UTF-8", "nested beyond reading"])
async def test_bytes_that_are_no_json_are_called_so(client: httpx.AsyncClient, body: bytes) -> None:
    headers = {"content-type": "application/json"}
    answer = await client.put("/v1/other-things/a", content=body, headers=headers)
    assert problem(answer, 400)["code"] == "malformed_json"


@pytest.mark.parametrize("headers", [{"content-type": "text/plain"}, {}])
async def test_a_body_of_another_content_type_is_a_415(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    answer = await client.put("/v1/things/a", content=b'{"amount": "1"}', headers=headers)
    assert problem(answer, 415)["code"] == "unsupported_media_type"


async def test_a_merge_patch_is_json_too(client: httpx.AsyncClient) -> None:
    headers = {"content-type": "application/merge-patch+json"}
    assert (await client.put("/v1/things/a", content=b'{"amount": "1"}', headers=headers)).status_code == 200


@pytest.mark.parametrize("name", ["", "  ", "\t"])
async def test_a_text_that_says_nothing_is_not_there(client: httpx.AsyncClient, name: str) -> None:
    answer = problem(await client.put("/v1/things/a", json={"amount": "1", "name": name}), 422)
    assert answer["errors"] == [
        {"pointer": "/name", "code": "required", "detail": "a text that is not blank is wanted"}
    ]


async def test_zero_has_no_sign(client: httpx.AsyncClient) -> None:
    answer = await client.put("/v1/things/a", json={"amount": "-0.00"})
    assert answer.json()["amount"] == "0"


@pytest.mark.parametrize("at", ["2026-04-30T09:00:00.123456789Z", "2026-04-30T04:00:00.1234561-05:00"])
async def test_of_a_second_six_digits_count_however_many_are_sent(client: httpx.AsyncClient, at: str) -> None:
    answer = await client.put("/v1/things/a", json={"amount": "1", "at": at})
    assert answer.json()["at"] == "2026-04-30T09:00:00.123456+00:00"


async def test_a_method_that_a_path_does_not_take_is_answered_with_those_it_takes(client: httpx.AsyncClient) -> None:
    answer = await client.delete("/v1/things/a")
    assert problem(answer, 405)["code"] == "method_not_allowed"
    assert answer.headers["allow"] == "GET, PUT, HEAD"


async def test_head_is_get_without_the_body(client: httpx.AsyncClient) -> None:
    got, head = await client.get("/v1/things/a"), await client.head("/v1/things/a")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == got.headers["content-length"] == str(len(got.content))
    assert (await client.head("/v1/things/a", headers={"X-Api-Key": "no-such-key"})).status_code == 401


def test_a_server_takes_an_answer_to_head_as_whole(caplog: pytest.LogCaptureFixture) -> None:
    counted = {"method": "HEAD", "route": "/v1/things/{thing_id}", "status": "200"}
    before = REGISTRY.get_sample_value("cascada_http_requests_total", counted) or 0.0
    with serving_by_thread(an_app()) as url:
        answer = httpx.head(f"{url}/v1/things/a", headers={"X-Api-Key": KEY})
    assert (answer.status_code, answer.headers["content-length"]) == (200, "16")
    assert REGISTRY.get_sample_value("cascada_http_requests_total", counted) == before + 1
    assert [line.message for line in caplog.records if line.levelname == "ERROR"] == []


async def test_a_bad_id_in_the_path_is_named(client: httpx.AsyncClient) -> None:
    answer = problem(await client.put("/v1/things/a%20b", json={"amount": "1"}), 422)
    assert answer["code"] == "invalid_id"


async def test_an_unknown_path_is_a_problem_too(client: httpx.AsyncClient) -> None:
    assert problem(await client.get("/v1/nothing"), 404)["code"] == "not_found"


async def test_a_part_that_is_away_is_a_503(client: httpx.AsyncClient) -> None:
    assert problem(await client.get("/v1/away"), 503)["code"] == "database_unavailable"


async def test_our_own_fault_shows_nothing_of_the_house(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/broken")
    assert problem(answer, 500)["code"] == "internal"
    assert "secret" not in answer.text
