"""Deliveries over HTTP: what became of one customer's statement, and exactly what was sent."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from services.statements.domain.sending import Verdict
from services.statements.inbound.http.doors import Doors
from services.statements.outbound.mail import CSV, PDF
from services.statements.storage.addresses import AddressRow
from services.statements.storage.attempts import Attempt
from services.statements.usecases.read_deliveries import DeliveryView, SentContent
from shared.http.access import Who, scope
from shared.http.answers import MoneyAnswer, instant_text
from shared.http.fields import Body, PathId

router = APIRouter(tags=["deliveries"], prefix="/deliveries")

SAFE_HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"}
"""HTML is shown, but runs nothing and loads nothing."""


class AttemptAnswer(BaseModel):
    """One call of the gateway; ``status`` is HTTP's, if an answer came."""

    at: str
    outcome: str
    status: int | None


class AddressAnswer(BaseModel):
    """What became of the mail to one address."""

    address: str
    state: str
    reason: str | None
    attempts: list[AttemptAnswer]


class ResolveBody(Body):
    """What a person found out about mails in doubt."""

    outcome: Verdict


class DeliveryAnswer(BaseModel):
    """``totals``: each currency's closing (full) or total (overdue).

    An alert's message is of no run: its ``rule_id`` is the alert rule's, its ``period`` the alert's id.
    """

    delivery_id: str
    run_id: str | None
    rule_id: str
    period: str
    customer_id: str
    state: str
    reason: str | None
    as_of_date: date
    addresses: list[AddressAnswer]
    locale: str | None
    totals: list[MoneyAnswer]
    accepted_at: str | None

    @classmethod
    def of(cls, view: DeliveryView) -> "DeliveryAnswer":
        delivery = view.delivery
        return cls(
            delivery_id=delivery.delivery_id,
            run_id=delivery.run_id,
            rule_id=delivery.rule_id,
            period=delivery.period,
            customer_id=delivery.customer_id,
            state=delivery.state,
            reason=delivery.reason,
            as_of_date=delivery.as_of_date,
            addresses=[_address(row, attempts) for row, attempts in view.addresses],
            locale=delivery.locale,
            totals=[MoneyAnswer.of(total) for total in delivery.totals],
            accepted_at=instant_text(delivery.accepted_at) if delivery.accepted_at else None,
        )


class AttachmentAnswer(BaseModel):
    """A file of the mail, ``content`` in base64; the HTML shows an image among them as ``cid:<filename>``."""

    filename: str
    content_type: str
    content: str


class ContentAnswer(BaseModel):
    """The mail as it was sent; ``to`` has every address, ``headers`` are those of the first."""

    model_config = ConfigDict(populate_by_name=True)

    subject: str
    sender: Annotated[str, Field(alias="from")]
    to: list[str]
    headers: dict[str, str]
    html: str
    text: str
    statement: dict[str, Any] | None
    attachments: list[AttachmentAnswer]

    @classmethod
    def of(cls, content: SentContent) -> "ContentAnswer":
        first = content.mails[0]
        return cls(
            subject=first.subject,
            sender=first.from_,
            to=[mail.to for mail in content.mails],
            headers=first.headers,
            html=first.html,
            text=first.text,
            statement=content.statement,
            attachments=[
                AttachmentAnswer(filename=one.filename, content_type=one.content_type, content=one.content)
                for one in first.attachments
            ],
        )


@router.get("/{delivery_id}")
async def get_delivery(delivery_id: PathId, doors: Doors) -> DeliveryAnswer:
    """A delivery with its addresses and every attempt."""
    return DeliveryAnswer.of(await doors.read_deliveries.one(delivery_id))


@router.get(
    "/{delivery_id}/content",
    response_model=ContentAnswer,
    responses={200: {"content": {"text/html": {}, "text/plain": {}, PDF: {}, CSV: {}}}},
)
async def get_content(
    delivery_id: PathId, doors: Doors, part: Annotated[Literal["html", "text", "pdf", "csv"] | None, Query()] = None
) -> Response:
    """Exactly what was sent; with ``part`` the bytes of that part of the mail (404 ``no_part`` if it had none)."""
    content = await doors.read_deliveries.content(delivery_id)
    if part == "html":
        return Response(content.mails[0].html, media_type="text/html", headers=SAFE_HEADERS)
    if part == "text":
        return Response(content.mails[0].text, media_type="text/plain")
    if part:
        media_type = PDF if part == "pdf" else CSV
        return Response(content.file(media_type), media_type=media_type)
    return JSONResponse(ContentAnswer.of(content).model_dump(mode="json", by_alias=True))


@router.post("/{delivery_id}/resolve", dependencies=[scope("statements:send")])
async def resolve_delivery(delivery_id: PathId, body: ResolveBody, doors: Doors, who: Who) -> DeliveryAnswer:
    """Settle a delivery that is ``unknown``: it was sent, or it was not and goes out again with the same key."""
    await doors.resolve_unknown.one(delivery_id, body.outcome, by=who.name)
    return DeliveryAnswer.of(await doors.read_deliveries.one(delivery_id))


def _address(row: AddressRow, attempts: list[Attempt]) -> AddressAnswer:
    return AddressAnswer(
        address=row.address,
        state=row.state,
        reason=row.reason,
        attempts=[
            AttemptAnswer(at=instant_text(attempt.at), outcome=attempt.outcome, status=attempt.status)
            for attempt in attempts
        ],
    )
