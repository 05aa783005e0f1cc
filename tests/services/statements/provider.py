"""The gateway as a provider that tells afterwards what became of mails: signed events, made by hand."""

import hashlib
import hmac
import json
import time
from typing import Any

import httpx

from services.statements.domain.sending import Answer
from tests.services.statements.house import SECRET, House
from tests.services.statements.sending import claimed, keep


def signed(body: bytes, *, at: float | None = None, secret: str = SECRET) -> str:
    moment = int(time.time() if at is None else at)
    code = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={code}"


def event(delivery_id: str, kind: str = "delivered", **changed: Any) -> dict[str, Any]:
    known = {
        "event_id": f"{kind}-1",
        "type": kind,
        "delivery_id": delivery_id,
        "address": "a@correo.demo",
        "at": "2026-03-12T14:00:09Z",
    }
    return {**known, **changed}


async def tell(house: House, told: dict[str, Any], provider: str = "local") -> httpx.Response:
    body = json.dumps(told).encode()
    headers = {"X-Cascada-Signature": signed(body), "X-Api-Key": ""}
    return await house.http.post(f"/v1/gateway-events/{provider}", content=body, headers=headers)


async def sent(house: House, **known: Any) -> str:
    """A statement to ``a`` that the gateway took, of which nothing is told yet."""
    [mail] = await claimed(house, **known)
    await keep(house, mail, Answer("accepted", 202))
    return mail.delivery_id
