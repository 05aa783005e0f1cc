"""The three services and the mail catcher over HTTP, as a system that integrates with them would call them."""

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from deploy.demo.problem import DemoProblem

_TIMEOUT_SECONDS = 60.0


class Service:
    """JSON in, JSON out; an answer that is no success ends the demo with what the service said."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    @property
    def url(self) -> str:
        return str(self._http.base_url).rstrip("/")

    async def get(self, path: str, **params: Any) -> Any:
        """The resource at a path."""
        return (await self._call("GET", path, params=params)).json()

    async def etag(self, path: str) -> str:
        """The version of the resource at a path, for ``If-Match``."""
        return (await self._call("GET", path)).headers["etag"]

    async def put(self, path: str, body: Mapping[str, Any], if_match: str | None = None) -> Any:
        """Create or replace the resource at a path."""
        return (await self._call("PUT", path, json=body, headers=_condition(if_match))).json()

    async def post(self, path: str, body: Mapping[str, Any] | None = None, if_match: str | None = None) -> Any:
        """Ask for something to be done."""
        return (await self._call("POST", path, json=body, headers=_condition(if_match))).json()

    async def post_lines(self, path: str, lines: Iterable[Mapping[str, Any]], **params: Any) -> Any:
        """Send NDJSON."""
        content = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
        headers = {"Content-Type": "application/x-ndjson"}
        return (await self._call("POST", path, content=content, params=params, headers=headers)).json()

    async def items(self, path: str, **params: Any) -> AsyncIterator[Any]:
        """Every item of a list, page by page."""
        cursor: dict[str, str] = {}
        while True:
            page = await self.get(path, **params, **cursor)
            for item in page["items"]:
                yield item
            if not page["next_cursor"]:
                return
            cursor = {"cursor": page["next_cursor"]}

    async def _call(self, method: str, path: str, **request: Any) -> httpx.Response:
        try:
            answer = await self._http.request(method, path, **request)
        except httpx.HTTPError as error:
            raise DemoProblem(f"{method} {self.url}{path} got no answer: {type(error).__name__} {error}") from error
        if not answer.is_success:
            raise DemoProblem(f"{method} {self.url}{path} answered {answer.status_code}: {answer.text[:500]}")
        return answer


def _condition(if_match: str | None) -> dict[str, str]:
    return {"If-Match": if_match} if if_match else {}


@dataclass(frozen=True)
class Services:
    """Everything the demo calls."""

    customers: Service
    segmenter: Service
    statements: Service
    mail: Service


@asynccontextmanager
async def open_services(stack_env: Mapping[str, str]) -> AsyncIterator[Services]:
    """Clients for the addresses and the key of a running stack."""
    async with AsyncExitStack() as opened:

        async def service(name: str) -> Service:
            headers = {"X-Api-Key": stack_env["API_KEY"]}
            http = httpx.AsyncClient(base_url=stack_env[name], headers=headers, timeout=_TIMEOUT_SECONDS)
            return Service(await opened.enter_async_context(http))

        yield Services(
            customers=await service("CUSTOMERS_URL"),
            segmenter=await service("SEGMENTER_URL"),
            statements=await service("STATEMENTS_URL"),
            mail=await service("MAIL_URL"),
        )
