"""The app that every service starts from: problems, the gate, scopes, health, offline API docs."""

from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig
from fastapi_offline import FastAPIOffline

from shared.http import problems
from shared.http.access import WAYS_IN, UsualScopes, guarded
from shared.http.gate import MEBIBYTE, OPEN_PATHS, Gate, is_below
from shared.http.health import health
from shared.http.methods import Heads
from shared.http.observed import Observed
from shared.http.process import Process
from shared.http.version import VERSION

_PREFIX = "/v1"
_NOT_TOLD: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
"""What the framework would tell by itself; ``Observed`` does."""


def create_app(
    *,
    title: str,
    routers: list[APIRouter],
    usual_scopes: UsualScopes,
    use_cases: object = None,
    process: Process,
    body_limits: dict[str, int] | None = None,
    open_paths: tuple[str, ...] = (),
    service: str | None = None,
) -> FastAPI:
    """An app with the house's conventions.

    Parameters
    ----------
    usual_scopes
        What routes need that declare no scope of their own.
    use_cases
        What the routes reach through ``app.state``; the app can be looked at without them.
    body_limits
        Bytes allowed per path where it is not 1 MiB.
    open_paths
        Paths (with all below them) that check their callers themselves.
    service
        Whose metrics it tells; None: whatever the process has.
    """
    app = FastAPIOffline(title=title, version=VERSION, lifespan=process.lifespan, redoc_url=None, telemetry=_NOT_TOLD)
    app.state.use_cases = use_cases
    problems.install(app)
    limits = body_limits or {}
    app.add_middleware(Heads)
    app.add_middleware(
        Gate,
        callers=process.callers,
        rate_limit=process.rate_limit,
        body_limit=lambda path: limits.get(path, MEBIBYTE),
        open_paths=(*OPEN_PATHS, *open_paths),
    )
    app.add_middleware(Observed)
    for router in routers:
        _include(app, router, usual_scopes, open_paths)
    app.include_router(health(process.ready, process.measure, service))
    _publish_ways_in(app)
    return app


def _include(app: FastAPI, router: APIRouter, usual: UsualScopes, open_paths: tuple[str, ...]) -> None:
    if is_below(_PREFIX + router.prefix, open_paths):
        app.include_router(router, prefix=_PREFIX, responses=_PROBLEM)
        return
    app.include_router(guarded(router, usual), prefix=_PREFIX, responses=_PROBLEM)


def _publish_ways_in(app: FastAPI) -> None:
    """Routes name them, and leave to the document what they are."""
    of_routes = app.openapi

    def openapi() -> dict[str, Any]:
        document: dict[str, Any] = of_routes()
        document.setdefault("components", {})["securitySchemes"] = WAYS_IN
        return document

    app.openapi = openapi  # type: ignore[method-assign]


_PROBLEM: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "What is wrong with the request (RFC 9457)",
        "content": {problems.MEDIA_TYPE: {"schema": {"type": "object"}}},
    }
}
