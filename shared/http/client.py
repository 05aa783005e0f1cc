"""Calls from one service to another: our key, a deadline, and an error of a kind when the other is away."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self

import httpx

from shared.basics.errors import Unavailable

_TIMEOUT = httpx.Timeout(10.0, connect=2.0)


class ServiceClient:
    """One other service, by its base URL."""

    def __init__(self, base_url: str, api_key: str) -> None:
        self._http = httpx.AsyncClient(base_url=base_url, headers={"X-Api-Key": api_key}, timeout=_TIMEOUT)

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
        try:
            return await self._http.get(path, params=params)
        except httpx.HTTPError as error:
            raise Unavailable("service_unavailable", f"{path}: {type(error).__name__}") from error

    async def post(self, path: str, body: Any) -> httpx.Response:
        """``POST`` JSON to a path; any status is an answer.

        Raises
        ------
        Unavailable
            No answer came.
        """
        try:
            return await self._http.post(path, json=body)
        except httpx.HTTPError as error:
            raise Unavailable("service_unavailable", f"{path}: {type(error).__name__}") from error

    @asynccontextmanager
    async def stream(self, path: str, body: Any, headers: Mapping[str, str]) -> AsyncIterator[httpx.Response]:
        """``POST`` JSON to a path, the answer read piece by piece; any status is an answer.

        Raises
        ------
        Unavailable
            No answer came, or it broke off.
        """
        try:
            async with self._http.stream("POST", path, json=body, headers=dict(headers)) as response:
                yield response
        except httpx.HTTPError as error:
            raise Unavailable("service_unavailable", f"{path}: {type(error).__name__}") from error
