"""What became of a mail, told to statements as a mail provider does: signed, and repeated until it is heard."""

import asyncio
import hashlib
import hmac
import json
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

import httpx

from deploy.local.mail.inbox import Mail

_GIVE_UP_SECONDS = 300.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
_AT_ONCE = 8

EventType = Literal["delivered", "bounced", "complained"]


def types_for(address: str) -> tuple[EventType, ...]:
    """``rebota…@`` bounces hard, ``queja…@`` is delivered and complains, everybody else is delivered."""
    if address.casefold().startswith("rebota"):
        return ("bounced",)
    return ("delivered", "complained") if address.casefold().startswith("queja") else ("delivered",)


def signature(secret: str, body: bytes, at: int) -> str:
    """The value of ``X-Cascada-Signature`` for a body sent at a Unix time."""
    code = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={code}"


@dataclass
class EventTeller:
    """Tells statements at ``url``; must be used from one event loop."""

    url: str
    secret: str
    client: httpx.AsyncClient
    _telling: set[asyncio.Task[None]] = field(default_factory=set)
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    def tell(self, mail: Mail) -> None:
        """Tell what became of a mail, in the background; mails without a delivery id are nobody's business."""
        for address in mail.to if mail.delivery_id else ():
            task = asyncio.create_task(self._tell_all(mail, address))
            self._telling.add(task)
            task.add_done_callback(self._telling.discard)

    async def _tell_all(self, mail: Mail, address: str) -> None:
        for event_type in types_for(address):
            event = {
                "event_id": str(uuid.uuid4()),
                "type": event_type,
                "delivery_id": mail.delivery_id,
                "address": address,
                "at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
                **({"bounce": "hard"} if event_type == "bounced" else {}),
            }
            await self._post(json.dumps(event).encode())

    async def _post(self, body: bytes) -> None:
        give_up = time.monotonic() + _GIVE_UP_SECONDS
        pause = _FIRST_PAUSE
        while time.monotonic() < give_up:
            async with self._turn:
                if await self._is_heard(body):
                    return
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        print(f"nobody heard {body.decode()} within {_GIVE_UP_SECONDS:.0f} seconds", flush=True)

    async def _is_heard(self, body: bytes) -> bool:
        headers = {
            "content-type": "application/json",
            "X-Cascada-Signature": signature(self.secret, body, int(time.time())),
        }
        try:
            answer = await self.client.post(f"{self.url}/v1/gateway-events/local", content=body, headers=headers)
        except httpx.HTTPError:
            return False
        return answer.is_success
