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
        body = _LimitedBody(receive, self._body_limit(scope["path"]))
        try:
            self._authenticate(scope)
            body.check_announced(Headers(scope=scope))
        except KnownError as error:
            await respond(error)(scope, receive, send)
            return
        await body.answer(self._app, scope, send)

    def _authenticate(self, scope: Scope) -> None:
        path: str = scope["path"]
        if any(path == open_path or path.startswith(open_path + "/") for open_path in self._open_paths):
            return
        given = Headers(scope=scope).get("x-api-key", "")
        if not self._api_key or not hmac.compare_digest(given.encode(), self._api_key):
            raise Unauthenticated("unauthenticated", "send a valid key as X-Api-Key")


class _LimitedBody:
    """A ``receive`` that ends a body which grows over the limit, whatever its headers said.

    The framework turns any error while it reads a body into a plain 400, so what it answers after the limit was
    passed is dropped, and ours is sent in its place.
    """

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._seen = 0

    @property
    def _is_over(self) -> bool:
        return self._seen > self._limit

    def check_announced(self, headers: Headers) -> None:
        announced = headers.get("content-length", "")
        if announced.isdigit() and int(announced) > self._limit:
            raise self._too_large()

    async def answer(self, app: ASGIApp, scope: Scope, send: Send) -> None:
        async def send_unless_over(message: Message) -> None:
            if not self._is_over:
                await send(message)

        await app(scope, self._receive_counted, send_unless_over)
        if self._is_over:
            await respond(self._too_large())(scope, self._receive, send)

    async def _receive_counted(self) -> Message:
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        if self._is_over:
            raise self._too_large()
        return message

    def _too_large(self) -> TooLarge:
        return TooLarge("body_too_large", f"the body is over {self._limit} bytes", limit=self._limit)
