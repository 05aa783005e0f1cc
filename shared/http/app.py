"""The app that every service starts from: problems, the gate, health, offline API docs."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from fastapi import APIRouter, FastAPI, Security
from fastapi.security import APIKeyHeader
from fastapi_offline import FastAPIOffline
from starlette.responses import JSONResponse

from shared.http import problems
from shared.http.gate import MEBIBYTE, OPEN_PATHS, Gate
from shared.http.version import VERSION

Ready = Callable[[], Awaitable[bool]]
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

_KEY = Security(APIKeyHeader(name="X-Api-Key", auto_error=False))


async def never() -> bool:
    """Never ready: for an app that is only looked at."""
    return False


def create_app(
    *,
    title: str,
    routers: list[APIRouter],
    use_cases: object = None,
    api_key: str,
    ready: Ready,
    lifespan: Lifespan | None = None,
    body_limits: dict[str, int] | None = None,
    open_paths: tuple[str, ...] = (),
) -> FastAPI:
    """An app with the house's conventions.

    Parameters
    ----------
    use_cases
        What the routes reach through ``app.state``; the app can be looked at without them.
    ready
        Whether the parts that requests need can be reached; ``/readyz`` asks it.
    body_limits
        Bytes allowed per path where it is not 1 MiB.
    open_paths
        Paths (with all below them) that check their callers themselves.
    """
    app = FastAPIOffline(title=title, version=VERSION, lifespan=lifespan, redoc_url=None)
    app.state.use_cases = use_cases
    problems.install(app)
    limits = body_limits or {}
    app.add_middleware(
        Gate,
        api_key=api_key,
        body_limit=lambda path: limits.get(path, MEBIBYTE),
        open_paths=(*OPEN_PATHS, *open_paths),
    )
    app.include_router(_health(ready))
    for router in routers:
        app.include_router(router, prefix="/v1", dependencies=[_KEY], responses=_PROBLEM)
    return app


_PROBLEM: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "What is wrong with the request (RFC 9457)",
        "content": {problems.MEDIA_TYPE: {"schema": {"type": "object"}}},
    }
}


def _health(ready: Ready) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/livez")
    async def livez() -> dict[str, str]:
        """The process runs."""
        return {"status": "alive"}

    @router.get("/readyz", responses={503: {"description": "A part that requests need is away"}})
    async def readyz() -> JSONResponse:
        """The parts that requests need can be reached."""
        if await ready():
            return JSONResponse({"status": "ready"})
        return JSONResponse({"status": "not_ready"}, status_code=503)

    return router
