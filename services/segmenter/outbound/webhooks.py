"""Posting events to strangers: signed, to public addresses only, without following where an answer points to."""

import asyncio
import hashlib
import hmac
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from ssl import SSLContext

import httpx
import msgspec

from services.segmenter.domain.webhooks import Answer, is_public
from shared.contracts.envelope import Envelope

POST_SECONDS = 15.0
"""The longest that a POST takes, names and slow answers included."""


@dataclass(frozen=True)
class Poster:
    """Posts to public addresses; ``anywhere`` (environment ``local``) to every address."""

    anywhere: bool = False

    async def addresses(self, host: str) -> list[str]:
        """What a host's name resolves to now; empty if nothing."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return []
        return [str(address[0]) for *_, address in found]

    async def allows(self, host: str) -> bool:
        """Whether no address of a host is forbidden; an unknown host is, until it is posted to."""
        return self.anywhere or all(is_public(address) for address in await self.addresses(host))

    async def post(self, url: str, secret: str, events: Sequence[Envelope]) -> Answer:
        """Post events as one signed JSON array; never raises for what the network does."""
        body = body_of(events)
        headers = {"Content-Type": "application/json", "X-Cascada-Signature": signature(secret, body, int(time.time()))}
        try:
            async with asyncio.timeout(POST_SECONDS):
                return await self._post(httpx.URL(url), body, headers)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError):
            return Answer("no_answer")

    async def _post(self, url: httpx.URL, body: bytes, headers: dict[str, str]) -> Answer:
        target, extensions = url, {}
        if not self.anywhere:
            addresses = await self.addresses(url.host)
            if not addresses:
                return Answer("no_answer")
            if url.scheme != "https" or not all(is_public(address) for address in addresses):
                return Answer("forbidden_address")
            # The checked address itself is called: a name may resolve to another one a moment later.
            target, extensions = url.copy_with(host=addresses[0]), {"sni_hostname": url.host}
            headers = {**headers, "Host": url.netloc.decode()}
        async with (
            httpx.AsyncClient(verify=self._trusted, trust_env=False, timeout=POST_SECONDS) as client,
            client.stream("POST", target, content=body, headers=headers, extensions=extensions) as answer,
        ):
            return Answer("delivered" if answer.is_success else "refused", answer.status_code)

    @cached_property
    def _trusted(self) -> SSLContext:  # slow to make, so one for all
        return httpx.create_ssl_context(trust_env=False)


def body_of(events: Sequence[Envelope]) -> bytes:
    """Events as webhooks are told them: a JSON array of objects in the words of CloudEvents."""
    return msgspec.json.encode(
        [
            {
                "id": event.id,
                "type": event.type,
                "source": event.source,
                "time": event.time,
                "sequence": event.sequence,
                "epoch": event.epoch,
                "subject": event.key,
                "data": msgspec.Raw(event.data),
            }
            for event in events
        ]
    )


def signature(secret: str, body: bytes, at: int) -> str:
    """``X-Cascada-Signature`` of a body; ``at`` in Unix seconds."""
    code = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={code}"
