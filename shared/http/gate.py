"""The gate before every route: who calls, how often, and no body over the limit, all before any parsing.

Plain ASGI: it sees the request before the framework reads it, and adds no task of its own.
"""

from collections.abc import Callable, Collection

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.basics.errors import KnownError, TooLarge
from shared.http.access import CALLER
from shared.http.callers import Callers
from shared.http.problems import respond
from shared.http.rate_limit import RateLimit

MEBIBYTE = 1024 * 1024
OPEN_PATHS = ("/livez", "/readyz", "/metrics", "/docs", "/openapi.json", "/static-offline-docs")

BodyLimit = Callable[[str], int]
"""Bytes allowed in the body of a request to a path."""


class Gate:
    """Lets a request through to ``app``, or answers it with a problem."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        callers: Callers,
        rate_limit: RateLimit | None = None,
        body_limit: BodyLimit,
        open_paths: Collection[str] = OPEN_PATHS,
    ) -> None:
        self._app = app
        self._callers = callers
        self._rate_limit = rate_limit
        self._body_limit = body_limit
        self._open_paths = tuple(open_paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = _LimitedBody(receive, self._body_limit(scope["path"]))
        try:
            await self._let_in(scope)
            body.check_announced(Headers(scope=scope))
        except KnownError as error:
            await respond(error)(scope, receive, send)
            return
        await body.answer(self._app, scope, send)

    async def _let_in(self, scope: Scope) -> None:
        if is_below(scope["path"], self._open_paths):
            return
        caller = await self._callers.identify(Headers(scope=scope))
        if self._rate_limit:
            self._rate_limit.take(caller.identity)
        scope[CALLER] = caller


def is_below(path: str, open_paths: Collection[str]) -> bool:
    """Whether a path is one of these, or below one."""
    return any(path == open_path or path.startswith(open_path + "/") for open_path in open_paths)


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
