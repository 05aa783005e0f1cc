"""A caller who asks too often waits; others do not."""

import httpx
import pytest
from fastapi import APIRouter

from shared.basics.access import Caller
from shared.basics.errors import RateLimited
from shared.http.access import UsualScopes
from shared.http.app import create_app
from shared.http.callers import Callers
from shared.http.process import Process
from shared.http.rate_limit import RateLimit
from tests.shared.test_callers import Watch


def refused_for(limit: RateLimit, identity: str) -> int | None:
    """Seconds to wait, None if the request passes."""
    try:
        limit.take(identity)
    except RateLimited as error:
        return int(error.facts["retry_after_seconds"])
    return None


def test_as_many_as_allowed_pass_at_once_and_then_one_after_another() -> None:
    watch = Watch()
    limit = RateLimit(2.0, watch)
    assert [refused_for(limit, "a") for _ in range(3)] == [None, None, 1]
    watch.seconds = 0.5
    assert [refused_for(limit, "a") for _ in range(2)] == [None, 1]


def test_a_quiet_time_is_not_saved_up() -> None:
    watch = Watch()
    limit = RateLimit(2.0, watch)
    limit.take("a")
    watch.seconds = 3600.0
    assert [refused_for(limit, "a") for _ in range(3)] == [None, None, 1]


def test_less_than_one_a_second_says_how_long_to_wait() -> None:
    watch = Watch()
    limit = RateLimit(0.1, watch)
    assert refused_for(limit, "a") is None
    watch.seconds = 4.0
    assert refused_for(limit, "a") == 6


def test_each_caller_has_a_limit_of_its_own() -> None:
    limit = RateLimit(1.0, Watch())
    assert [refused_for(limit, who) for who in ("a", "b", "a")] == [None, None, 1]


def test_who_was_quiet_is_forgotten_and_who_was_not_is_remembered() -> None:
    watch = Watch()
    limit = RateLimit(1.0, watch)
    for number in range(10_000):
        limit.take(f"early-{number}")
    watch.seconds = 0.9
    limit.take("late")
    watch.seconds = 1.0
    limit.take("later")
    assert refused_for(limit, "late") == 1
    assert len(limit._buckets) == 2


@pytest.fixture
def router() -> APIRouter:
    router = APIRouter()

    @router.put("/things")
    async def things(body: dict[str, str]) -> None: ...

    return router


async def test_a_refusal_is_a_problem_that_says_when_to_come_back(router: APIRouter) -> None:
    async def find(key: str) -> Caller | None:
        return Caller(key, key, frozenset({"admin"})) if key else None

    usual = UsualScopes(read="admin", write="admin")
    process = Process(callers=Callers(find), rate_limit=RateLimit(0.5, Watch()))
    app = create_app(title="test", routers=[router], usual_scopes=usual, process=process)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
        first, again, broken, other = [
            await http.put(
                "/v1/things", content=content, headers={"X-Api-Key": key, "content-type": "application/json"}
            )
            for key, content in (("a", "{}"), ("a", "{}"), ("a", "{"), ("b", "{}"))
        ]
        stranger = await http.put("/v1/things", json={})
        health = await http.get("/livez")
    assert [one.status_code for one in (first, again, broken, other)] == [200, 429, 429, 200]
    assert (again.headers["Retry-After"], again.headers["content-type"]) == ("2", "application/problem+json")
    assert again.json()["code"] == "rate_limited"
    assert (stranger.status_code, stranger.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert health.status_code == 200
