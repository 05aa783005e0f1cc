"""Webhooks over HTTP: systems without Kafka are posted what ``segments.v1`` tells."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response, status
from pydantic import AfterValidator, BaseModel, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from services.segmenter.domain.webhooks import State, Webhook
from services.segmenter.inbound.http.doors import Doors
from services.segmenter.inbound.http.preconditions import Conditions, version_of_webhook
from services.segmenter.storage.webhook_deliveries import Delivery
from shared.contracts.segments_v1 import EVENTS
from shared.http.access import Who
from shared.http.fields import Body, PathId, ShortText, Text
from shared.http.pages import After, Cursor, Limit, Page, decode_cursor, no_cursor, page_of
from shared.runtime.ids import new_id

router = APIRouter(prefix="/webhooks", tags=["webhooks"])


def _event_type(value: str) -> str:
    if value not in EVENTS:
        raise PydanticCustomError("unknown_choice", "event types are {known}", {"known": ", ".join(EVENTS)})
    return value


EventType = Annotated[str, AfterValidator(_event_type), WithJsonSchema({"type": "string", "enum": list(EVENTS)})]


class WebhookBody(Body):
    """Where to post which events; ``secret`` signs each POST and is answered to nobody."""

    url: Annotated[Text, Field(examples=["https://example.com/hook"])]
    event_types: Annotated[list[EventType], Field(min_length=1, max_length=50)]
    secret: ShortText


class WebhookAnswer(BaseModel):
    """A webhook and how its stream is: ``failing`` since 24 hours passed without a success, until it is resumed.

    ``failures`` in a row since ``failing_since``; ``next_try_at`` says until when the stream waits.
    """

    webhook_id: str
    url: str
    event_types: list[str]
    state: State
    failures: int
    failing_since: datetime | None
    next_try_at: datetime | None

    @classmethod
    def of(cls, webhook: Webhook) -> "WebhookAnswer":
        return cls(
            webhook_id=webhook.webhook_id,
            url=webhook.url,
            event_types=list(webhook.event_types),
            state=webhook.state,
            failures=webhook.failures,
            failing_since=webhook.failing_since,
            next_try_at=webhook.next_try_at if webhook.failures and webhook.state == "active" else None,
        )


class WebhookDelivery(BaseModel):
    """One POST. ``outcome``: ``delivered`` (2xx), ``refused``, ``no_answer`` or ``forbidden_address``."""

    delivery_id: UUID
    at: datetime
    events: int
    first_event_id: str
    last_event_id: str
    outcome: str
    status: int | None

    @classmethod
    def of(cls, delivery: Delivery) -> "WebhookDelivery":
        return cls(**vars(delivery))


class WebhookTest(BaseModel):
    """What came back from the test POST; ``status`` is null where no HTTP answer came."""

    outcome: str
    status: int | None


@router.put("/{webhook_id}", responses={201: {"model": WebhookAnswer}})
async def put_webhook(
    webhook_id: PathId, body: WebhookBody, conditions: Conditions, doors: Doors, who: Who, response: Response
) -> WebhookAnswer:
    """Create a webhook, which begins with what is told from now on, or replace it; its stream goes on."""
    types = tuple(sorted(set(body.event_types)))
    wanted = Webhook(webhook_id, body.url, types, body.secret, version=new_id())
    webhook, is_new = await doors.keep_webhooks.put(wanted, conditions.of_webhook, by=who.name)
    if is_new:
        response.status_code = status.HTTP_201_CREATED
    return _answer(webhook, response)


@router.get("/{webhook_id}")
async def get_webhook(webhook_id: PathId, doors: Doors, response: Response) -> WebhookAnswer:
    """A webhook, without its secret."""
    return _answer(await doors.keep_webhooks.get(webhook_id), response)


@router.get("")
async def list_webhooks(doors: Doors, after: After, limit: Limit = 50) -> Page[WebhookAnswer]:
    """Webhooks in order of id."""
    found = await doors.keep_webhooks.page(after, limit)
    return page_of(found, limit, lambda webhook: (webhook.webhook_id,), WebhookAnswer.of)


@router.delete("/{webhook_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_webhook(webhook_id: PathId, conditions: Conditions, doors: Doors, who: Who) -> None:
    """Delete a webhook with its log; what was not yet sent to it is not sent any more."""
    await doors.keep_webhooks.delete(webhook_id, conditions.of_webhook, by=who.name)


@router.get("/{webhook_id}/deliveries")
async def list_deliveries(
    webhook_id: PathId, doors: Doors, cursor: Cursor = None, limit: Limit = 50
) -> Page[WebhookDelivery]:
    """What was posted in the last 30 days, the newest first."""
    key = decode_cursor(cursor, 1)
    found = await doors.keep_webhooks.deliveries(webhook_id, _uuid(key[0]) if key else None, limit)
    return page_of(found, limit, lambda delivery: (str(delivery.delivery_id),), WebhookDelivery.of)


@router.post("/{webhook_id}/test")
async def test_webhook(webhook_id: PathId, doors: Doors) -> WebhookTest:
    """Post one signed event of type ``webhook.test`` now, outside of the stream, and say what came back."""
    answer = await doors.keep_webhooks.test(webhook_id)
    return WebhookTest(outcome=answer.outcome, status=answer.status)


@router.post("/{webhook_id}/resume")
async def resume_webhook(webhook_id: PathId, doors: Doors, who: Who, response: Response) -> WebhookAnswer:
    """Let the stream go on at once where it stopped or waits; nothing was lost meanwhile."""
    return _answer(await doors.keep_webhooks.resume(webhook_id, by=who.name), response)


def _answer(webhook: Webhook, response: Response) -> WebhookAnswer:
    response.headers["ETag"] = version_of_webhook(webhook)
    return WebhookAnswer.of(webhook)


def _uuid(value: object) -> str:
    try:
        return str(UUID(str(value)))
    except ValueError as error:
        raise no_cursor() from error
