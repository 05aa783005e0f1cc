"""Signed webhooks of mail providers: what became of mails. The signature is all that lets a caller in here.

``local`` is the provider that speaks our own shape. Anything signed that is not ours, or known already, is still 204:
a provider repeats what is refused.
"""

import hashlib
import hmac
import re
import time
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Path, Request
from pydantic import ConfigDict, Field, ValidationError

from services.statements.inbound.http.doors import Doors
from services.statements.usecases.hear_gateway_news import News
from shared.basics.errors import Missing, Unauthenticated, mistake
from shared.http.fields import Body, Instant, ShortText
from shared.http.problems import bad_input

router = APIRouter(tags=["gateway events"], prefix="/gateway-events")

_SIGNATURE = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})", re.ASCII)
_TOLERANCE_SECONDS = 300


class GatewayEventBody(Body):
    """One event of a mail; ``bounce`` says whether a bounce is for good."""

    model_config = ConfigDict(extra="ignore")

    event_id: ShortText
    type: Literal["delivered", "bounced", "complained"]
    bounce: Literal["hard", "soft"] | None = None
    delivery_id: ShortText
    address: Annotated[str, Field(min_length=1, max_length=320)]
    at: Instant


@router.post(
    "/{provider}",
    status_code=204,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": GatewayEventBody.model_json_schema()}},
        }
    },
)
async def hear_gateway_event(
    provider: Annotated[str, Path(max_length=64)],
    request: Request,
    doors: Doors,
    x_cascada_signature: Annotated[str, Header()] = "",
) -> None:
    """Take an event; ``X-Cascada-Signature: t=<unix>,v1=<hex HMAC-SHA256(secret, t + '.' + body)>``."""
    body = await request.body()
    check_signature(x_cascada_signature, body, doors.webhook_secret, now=time.time())
    if provider != "local":
        raise Missing("unknown_provider", f"there is no mail provider {provider!r}")
    try:
        event = GatewayEventBody.model_validate_json(body)
    except ValidationError as error:
        raise bad_input(error) from error
    if event.type == "bounced" and event.bounce is None:
        raise mistake("/bounce", "required", "a bounce is hard or soft")
    await doors.hear_gateway_news(_news(provider, event))


def check_signature(given: str, body: bytes, secret: str, *, now: float) -> None:
    """Let a body pass only with our signature of the last five minutes (machine time, Unix seconds).

    Raises
    ------
    Unauthenticated
        There is no signature, another one, or an old one.
    """
    found = _SIGNATURE.fullmatch(given)
    if not found:
        raise Unauthenticated("unsigned", "send the signature of the body as X-Cascada-Signature")
    at, code = found.groups()
    ours = hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(ours, code) or abs(now - int(at)) > _TOLERANCE_SECONDS:
        raise Unauthenticated("wrong_signature", "the signature is not that of this body, or too old")


def _news(provider: str, event: GatewayEventBody) -> News:
    return News(
        provider=provider,
        event_id=event.event_id,
        kind=event.type,
        is_hard=event.bounce == "hard",
        delivery_id=event.delivery_id,
        address=event.address,
        at=event.at,
    )
