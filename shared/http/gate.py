"""The gate before every route: who calls (``X-Api-Key``), and no body over the limit, both before any parsing.

Plain ASGI: it sees the request before the framework reads it, and adds no task of its own.
"""

import hmac
from collections.abc import Callable, Collection

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.basics.errors import KnownError, TooLarge, Unauthenticated
from shared.http.problems import respond

MEBIBYTE = 1024 * 1024
OPEN_PATHS = ("/livez", "/readyz", "/docs", "/openapi.json", "/static-offline-docs")

BodyLimit = Callable[[str], int]
"""Bytes allowed in the body of a request to a path."""


class Gate:
    """Lets a request through to ``app``, or answers it with a problem."""

    def __init__(
        self, app: ASGIApp, *, api_key: str, body_limit: BodyLimit, open_paths: Collection[str] = OPEN_PATHS
    ) -> None:
        self._app = app
        self._api_key = api_key.encode()
        self._body_limit = body_limit
        self._open_paths = tuple(open_paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._body_limit(scope["path"])
        counted = _Counted(receive, limit)
        try:
            self._authenticate(scope)
            _check_announced(Headers(scope=scope), limit)
            await self._app(scope, counted, send)
        except KnownError as error:
            await respond(error)(scope, receive, send)

    def _authenticate(self, scope: Scope) -> None:
        path: str = scope["path"]
        if any(path == open_path or path.startswith(open_path + "/") for open_path in self._open_paths):
            return
        given = Headers(scope=scope).get("x-api-key", "")
        if not hmac.compare_digest(given.encode(), self._api_key):
            raise Unauthenticated("unauthenticated", "send a valid key as X-Api-Key")


def _check_announced(headers: Headers, limit: int) -> None:
    announced = headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit:
        raise _too_large(limit)


def _too_large(limit: int) -> TooLarge:
    return TooLarge("body_too_large", f"the body is over {limit} bytes", limit=limit)


class _Counted:
    """A ``receive`` that stops a body that grows over the limit, whatever its headers said."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._seen = 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        if self._seen > self._limit:
            raise _too_large(self._limit)
        return message
