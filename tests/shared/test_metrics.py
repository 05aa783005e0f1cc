"""What ``/metrics`` tells: answers by route, what the database knows, and the same beside a worker."""

import asyncio

import httpx
import pytest
from fastapi import APIRouter
from prometheus_client import REGISTRY

from deploy.local.ports import free_port
from shared.basics.errors import Unavailable
from shared.http.access import UsualScopes
from shared.http.app import create_app
from shared.http.process import Process
from shared.http.side_door import side_door
from shared.runtime.loops import StopFlag, run_loops
from shared.runtime.metrics import CUSTOMERS_BEHIND
from shared.runtime.settings import CommonSettings
from tests.support.access import one_key
from tests.support.eventually import eventually

KEY = "a-key-for-tests-only"


def counted(route: str, status: int) -> float:
    labels = {"method": "GET", "route": route, "status": str(status)}
    return REGISTRY.get_sample_value("cascada_http_requests_total", labels) or 0.0


@pytest.fixture
def router() -> APIRouter:
    router = APIRouter()

    @router.get("/measured/{thing_id}")
    async def measured(thing_id: str) -> None:
        if thing_id == "broken":
            raise RuntimeError

    return router


async def test_answers_are_counted_by_route_whatever_the_ids(router: APIRouter) -> None:
    usual = UsualScopes(read="segments:read", write="segments:write")
    app = create_app(title="test", routers=[router], usual_scopes=usual, process=Process(callers=one_key(KEY)))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    route = "/v1/measured/{thing_id}"
    before = {status: counted(route, status) for status in (200, 500)}
    nobody = counted("none", 401)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as http:
        for path in ("a", "b", "broken"):
            await http.get(f"/v1/measured/{path}", headers={"X-Api-Key": KEY})
        await http.get("/v1/measured/a")
        told = (await http.get("/metrics")).text
    assert (counted(route, 200) - before[200], counted(route, 500) - before[500]) == (2, 1)
    assert counted("none", 401) - nobody == 1
    assert f'cascada_http_request_seconds_count{{route="{route}"}}' in told
    assert "/v1/measured/a" not in told


def settings(**given: object) -> CommonSettings:
    known = {"host": "127.0.0.1", "kafka_bootstrap_servers": "127.0.0.1:9", "service_api_key": KEY}
    return CommonSettings.model_validate({**known, **given})


async def ready() -> bool:
    return True


async def test_a_worker_has_a_door_of_its_own_until_it_stops() -> None:
    is_away = False

    async def measure() -> None:
        if is_away:
            raise Unavailable("database_unavailable", "away")
        CUSTOMERS_BEHIND.set(7)

    port, stop = free_port(), StopFlag()
    working = asyncio.create_task(run_loops(stop, *side_door(settings(metrics_port=port), ready, measure)))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:

        async def alive() -> bool:
            try:
                return (await http.get("/livez")).status_code == 200
            except httpx.ConnectError:
                return False

        await eventually(alive)
        assert (await http.get("/readyz")).status_code == 200
        told = (await http.get("/metrics")).text.splitlines()
        assert {"cascada_customers_behind 7.0", "cascada_database_reachable 1.0"} <= set(told)
        is_away = True
        assert "cascada_database_reachable 0.0" in (await http.get("/metrics")).text.splitlines()
        stop.raise_it()
        await asyncio.wait_for(working, 10)
        assert not await alive()


def test_without_a_port_there_is_no_door() -> None:
    assert side_door(settings(), ready, lambda: asyncio.sleep(0)) == []
