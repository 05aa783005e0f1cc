"""A route's own scope goes before what its method would ask, and deleting may ask for more than writing."""

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from shared.http.access import UsualScopes, scope
from shared.http.app import create_app
from shared.http.process import LOOKED_AT

USUAL = UsualScopes(read="customers:read", write="customers:write", delete="customers:erase")


def asked_by(router: APIRouter) -> dict[str, list[str]]:
    app: FastAPI = create_app(title="test", routers=[router], usual_scopes=USUAL, process=LOOKED_AT)
    paths = app.openapi()["paths"]
    return {
        f"{method} {path}": operation["security"][0]["ApiKey"]
        for path, methods in paths.items()
        if path.startswith("/v1/")
        for method, operation in methods.items()
    }


def test_a_route_without_a_scope_gets_the_one_of_its_method() -> None:
    router = APIRouter()

    @router.get("/things")
    @router.put("/things")
    @router.delete("/things")
    async def things() -> None: ...

    assert asked_by(router) == {
        "get /v1/things": ["customers:read"],
        "put /v1/things": ["customers:write"],
        "delete /v1/things": ["customers:erase"],
    }


def test_a_route_may_say_its_own() -> None:
    router = APIRouter()

    @router.post("/search", dependencies=[scope("customers:read")])
    async def search() -> None: ...

    assert asked_by(router) == {"post /v1/search": ["customers:read"]}


def test_a_router_may_say_it_for_all_of_its_routes() -> None:
    router = APIRouter(prefix="/keys", dependencies=[scope("admin")])

    @router.get("")
    @router.post("")
    async def keys() -> None: ...

    assert asked_by(router) == {"get /v1/keys": ["admin"], "post /v1/keys": ["admin"]}


def test_a_scope_that_there_is_not_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="customers:look"):
        scope("customers:look")


def test_a_scope_beside_a_router_s_own_is_asked_for_as_well() -> None:
    router = APIRouter(prefix="/keys", dependencies=[scope("admin")])

    @router.get("", dependencies=[scope("customers:read")])
    async def keys() -> None: ...

    assert asked_by(router) == {"get /v1/keys": ["admin", "customers:read"]}


async def test_a_route_that_was_not_put_behind_its_scope_lets_nobody_in() -> None:
    router, app = APIRouter(), FastAPI()

    @router.get("/keys", dependencies=[scope("admin")])
    async def keys() -> None: ...

    app.include_router(router)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
        with pytest.raises(RuntimeError, match="nothing checks the scope"):
            await http.get("/keys")


def test_what_cannot_be_put_behind_a_scope_is_not_served() -> None:
    router = APIRouter()

    @router.websocket("/things")
    async def things() -> None: ...

    with pytest.raises(TypeError, match="cannot be put behind a scope"):
        asked_by(router)
