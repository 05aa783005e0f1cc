"""Calls from one service to another: our key, a deadline, and an error of a kind when the other is away."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from types import TracebackType
from typing import Any, Self

import httpx
from pydantic import AnyHttpUrl

from shared.basics.errors import Unavailable
from shared.runtime.settings import CommonSettings

_TIMEOUT = httpx.Timeout(10.0, connect=2.0)


class ServiceClient:
    """One other service, by its base URL; strangers are called by whole URLs and without a key."""

    def __init__(self, base_url: str = "", api_key: str | None = None) -> None:
        headers = {"X-Api-Key": api_key} if api_key else {}
        self._http = httpx.AsyncClient(base_url=base_url, headers=headers, timeout=_TIMEOUT)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def get(self, path: str, **params: Any) -> httpx.Response:
        """``GET`` a path; any status is an answer.

        Raises
        ------
        Unavailable
            No answer came.
        """
        with _answering(path):
            return await self._http.get(path, params=params or None)

    async def post(self, path: str, body: Any) -> httpx.Response:
        """``POST`` JSON to a path; any status is an answer.

        Raises
        ------
        Unavailable
            No answer came.
        """
        with _answering(path):
            return await self._http.post(path, json=body)

    @asynccontextmanager
    async def stream(self, path: str, body: Any, headers: Mapping[str, str]) -> AsyncIterator[httpx.Response]:
        """``POST`` JSON to a path, the answer read piece by piece; any status is an answer.

        Raises
        ------
        Unavailable
            No answer came, or it broke off.
        """
        with _answering(path):
            async with self._http.stream("POST", path, json=body, headers=dict(headers)) as response:
                yield response

    @asynccontextmanager
    async def lines(self, path: str, **params: Any) -> AsyncIterator[AsyncIterator[bytes]]:
        """The lines of a streamed answer as they come; leaving the block leaves the rest unread.

        Raises
        ------
        Unavailable
            The answer is not 200, did not come, or broke off before its end.
        """
        with _answering(path):
            async with self._http.stream("GET", path, params=params) as answer:
                if answer.status_code != 200:
                    raise Unavailable("service_unavailable", f"{path} answered {answer.status_code}")
                yield _lines(answer.aiter_bytes())


def service_client(base_url: AnyHttpUrl, settings: CommonSettings) -> ServiceClient:
    """A client of another service of ours, which knows us by the key of our settings."""
    return ServiceClient(str(base_url), settings.service_api_key.get_secret_value())


@contextmanager
def _answering(path: str) -> Iterator[None]:
    try:
        yield
    except httpx.HTTPError as error:
        raise Unavailable("service_unavailable", f"{path}: {type(error).__name__}") from error


async def _lines(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Cut at newlines alone: ``aiter_lines`` also cuts at characters that JSON texts may contain, such as U+2028."""
    rest = b""
    async for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line
    if rest:
        yield rest
