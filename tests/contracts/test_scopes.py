"""Every route of every service asks for a scope, says so in OpenAPI, and lets nobody through without it."""

import importlib
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI

from deploy.contracts import SERVICES
from shared.basics.access import SCOPES
from shared.http.callers import Callers
from shared.http.process import Process
from tests.support.access import one_key

KEY = "a-key-for-tests-only"
OPEN = ("/livez", "/readyz", "/metrics", "/v1/gateway-events/{provider}")
"""Health is open to whoever runs the process; providers of mail sign what they send."""
ADMIN = {"/v1/changes", "/v1/behind", "/v1/behind/{customer_id}/retry"}


def app_of(service: str, callers: Callers) -> FastAPI:
    module = importlib.import_module(f"services.{service}.inbound.http.app")
    found: FastAPI = module.create(None, Process(callers=callers))
    return found


def operations() -> Iterator[tuple[str, str, str, frozenset[str]]]:
    """(service, method, path, scopes of the key) of everything in the three published documents."""
    for service in SERVICES:
        for path, methods in app_of(service, one_key(KEY)).openapi()["paths"].items():
            for method, operation in methods.items():
                needed = [scopes for way in operation.get("security", []) for scopes in way.values()]
                assert all(scopes == needed[0] for scopes in needed), "both ways in ask for the same"
                yield service, method.upper(), path, frozenset(needed[0] if needed else ())


OPERATIONS = list(operations())
GUARDED = [one for one in OPERATIONS if one[2] not in OPEN]


async def answer(service: str, method: str, path: str, callers: Callers) -> httpx.Response:
    transport = httpx.ASGITransport(app_of(service, callers), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", headers={"X-Api-Key": KEY}) as http:
        return await http.request(method, path.replace("{", "").replace("}", ""), json={})


@pytest.mark.parametrize(("service", "method", "path", "scopes"), GUARDED)
async def test_each_route_asks_for_one_known_scope(
    service: str, method: str, path: str, scopes: frozenset[str]
) -> None:
    assert len(scopes) == 1
    assert scopes <= set(SCOPES)
    others = one_key(KEY, *(set(SCOPES) - scopes))
    refused = await answer(service, method, path, others)
    [missing] = scopes
    assert (refused.status_code, refused.json()["code"], refused.json()["scope"]) == (403, "forbidden", missing)
    assert missing in refused.json()["detail"]
    passed = await answer(service, method, path, one_key(KEY, *scopes))
    assert passed.status_code not in (401, 403)


def test_only_health_and_signed_events_are_open() -> None:
    assert {path for _, _, path, scopes in OPERATIONS if not scopes} == set(OPEN)


def test_a_service_asks_for_its_own_scopes_and_for_admin_where_it_is_about_the_service() -> None:
    own = {"customers": "customers", "segmenter": "segments", "statements": "statements"}
    for service, _, path, scopes in GUARDED:
        [scope] = scopes
        assert scope == "admin" if path in ADMIN else scope.startswith(f"{own[service]}:")


def test_reading_and_writing_are_told_apart() -> None:
    asked = {(service, method, path): scope for service, method, path, scopes in GUARDED for scope in scopes}
    assert asked["customers", "GET", "/v1/customers/{customer_id}"] == "customers:read"
    assert asked["customers", "PUT", "/v1/customers/{customer_id}"] == "customers:write"
    assert asked["segmenter", "POST", "/v1/customers/export"] == "segments:read"
    assert asked["segmenter", "POST", "/v1/refreshes"] == "segments:publish"
    assert asked["segmenter", "PUT", "/v1/cascade/draft/order"] == "segments:write"
    assert asked["statements", "DELETE", "/v1/rules/{rule_id}"] == "statements:write"
