"""Counts and times every answer. The outermost layer, so that refusals at the gate are counted as well."""

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.runtime.metrics import HTTP_REQUESTS, HTTP_SECONDS

_NO_ROUTE = "none"


class Observed:
    """Tells the metrics about each request that passes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def send_seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_seen)
        finally:
            route = _route_of(scope)
            HTTP_REQUESTS.labels(scope["method"], route, status).inc()
            HTTP_SECONDS.labels(route).observe(time.perf_counter() - started)


def _route_of(scope: Scope) -> str:
    """The pattern that matched: paths hold ids, and there would be a series for each."""
    route = getattr(scope.get("route"), "path", None)
    if route is None:
        return _NO_ROUTE
    return f"/v1{route}" if scope["path"].startswith("/v1/") else str(route)
