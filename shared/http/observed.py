"""Counts, times and traces every answer, and says in the log which request is meant. The outermost layer, so that
refusals at the gate are counted as well.
"""

import time
from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.runtime import tracing
from shared.runtime.known import say_known
from shared.runtime.metrics import HTTP_REQUESTS, HTTP_SECONDS

_NO_ROUTE = "none"
_TRACE = "cascada.trace"


class Observed:
    """Tells metrics, traces and the log about each request that passes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500
        say_known(lambda: _known_of(scope))

        async def send_seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        app = self._traced if tracing.is_on() and scope["path"].startswith("/v1/") else self._carrying
        try:
            await app(scope, receive, send_seen)
        finally:
            route = route_of(scope)
            HTTP_REQUESTS.labels(scope["method"], route, status).inc()
            HTTP_SECONDS.labels(route).observe(time.perf_counter() - started)

    async def _carrying(self, scope: Scope, receive: Receive, send: Send) -> None:
        tracing.carry(_traceparent_in(scope))
        await self._app(scope, receive, send)

    async def _traced(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The request as a span, below the caller's if it sends ``traceparent``. Paths and queries are not told."""
        span = tracing.start(scope["method"], "server", parent=_traceparent_in(scope))
        scope[_TRACE] = tracing.traceparent_of(span)

        async def send_seen(message: Message) -> None:
            if message["type"] == "http.response.start":
                span.set_attribute("http.response.status_code", message["status"])
            await send(message)

        with tracing.at_work(span):
            try:
                await self._app(scope, receive, send_seen)
            finally:
                route = route_of(scope)
                span.update_name(f"{scope['method']} {route}")
                span.set_attributes({"http.request.method": scope["method"], "http.route": route})


def route_of(scope: Scope) -> str:
    """The pattern that matched: paths hold ids, and there would be a series for each."""
    route = getattr(scope.get("route"), "path", None)
    if route is None:
        return _NO_ROUTE
    return f"/v1{route}" if scope["path"].startswith("/v1/") else str(route)


def _traceparent_in(scope: Scope) -> str | None:
    return next((value.decode("latin-1") for name, value in scope["headers"] if name == b"traceparent"), None)


def _known_of(scope: Scope) -> Mapping[str, str | None]:
    """What a line of the log about a request says of it: ids alone."""
    return {
        "trace_id": tracing.trace_id_of(scope.get(_TRACE) or _traceparent_in(scope)),
        "route": route_of(scope),
        "customer_id": scope.get("path_params", {}).get("customer_id"),
    }
