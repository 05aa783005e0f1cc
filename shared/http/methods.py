"""Which methods a path takes: HEAD wherever GET is, and a 405 that names all of them (RFC 9110).

The framework knows each method of a path as a route of its own: it refuses HEAD, and would name the first route's.
"""

from fastapi import Request
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_FOUND = ("route", "endpoint", "path_params")
"""What the framework notes of a request, and the layers around it tell metrics and the log."""
_METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")


class Heads:
    """Answers HEAD as GET, without the body. The server is to see HEAD still: it counts the bytes it was promised."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_no_body(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        asked = {**scope, "method": "GET"}
        try:
            await self._app(asked, receive, send_no_body)
        finally:
            scope.update({name: asked[name] for name in _FOUND if name in asked})


def methods_of(request: Request) -> str:
    """What ``Allow`` says of a request's path."""
    found = [method for method in _METHODS if _is_taken(request, method)]
    return ", ".join([*found, "HEAD"] if "GET" in found else found)


def _is_taken(request: Request, method: str) -> bool:
    asked = {**request.scope, "method": method}
    return any(route.matches(asked)[0] is Match.FULL for route in request.app.routes)
