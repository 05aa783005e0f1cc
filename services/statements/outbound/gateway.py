"""The mail gateway over HTTP: one mail a call, with its idempotency key; every answer is put into one of four kinds.

Several small clients, each for one call at a time, beat one with many calls in flight. Connections are dropped
before the gateway would: a write on one that it has just closed would be doubt for nothing.
"""

import asyncio
from types import TracebackType
from typing import Self

import httpx

from services.statements.domain.sending import Answer

_CLIENTS = 20
"""As many as a worker has calls in flight."""
_TIMEOUT = httpx.Timeout(10.0, connect=3.0)
_LIMITS = httpx.Limits(max_connections=1, keepalive_expiry=2.0)
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class HttpGateway:
    """Hands mails to the gateway at a base URL."""

    honours_keys = True

    def __init__(self, base_url: str) -> None:
        self._url = base_url.rstrip("/") + "/send"
        trusted = httpx.create_ssl_context()  # slow to make, so one for all
        self._clients = [httpx.AsyncClient(timeout=_TIMEOUT, limits=_LIMITS, verify=trusted) for _ in range(_CLIENTS)]
        self._idle: asyncio.LifoQueue[httpx.AsyncClient] = asyncio.LifoQueue()
        for client in self._clients:
            self._idle.put_nowait(client)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for client in self._clients:
            await client.aclose()

    async def send(self, key: str, mail: bytes) -> Answer:
        """Hand over a mail (the JSON body of ``/send``); never raises for what the network does."""
        client = await self._idle.get()
        headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
        try:
            return answer_of(await client.post(self._url, content=mail, headers=headers))
        except _NOT_SENT:
            return Answer("not_sent")
        except httpx.HTTPError:
            return Answer("doubt", reason="timeout")
        finally:
            self._idle.put_nowait(client)


def answer_of(response: httpx.Response) -> Answer:
    """What a status means for the mail."""
    status = response.status_code
    if response.is_success:
        return Answer("accepted", status)
    if status == 429:
        return Answer("not_sent", status, retry_after=_seconds(response.headers.get("retry-after", "")))
    if status < 400:  # not from the gateway itself, but from what stands before it
        return Answer("not_sent", status)
    if status >= 500:
        return Answer("doubt", status, "server_error")
    return Answer("rejected", status)


def _seconds(text: str) -> float:
    return float(text) if text.isdecimal() and len(text) < 6 else 0.0
