"""A customer's statement now, over HTTP."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from services.statements.domain.rule import Content
from services.statements.inbound.http.deliveries import SAFE_HEADERS
from services.statements.inbound.http.doors import Doors
from services.statements.inbound.http.statement_answer import StatementAnswer
from shared.basics.errors import mistake
from shared.http.fields import PathId

router = APIRouter(tags=["customers"], prefix="/customers")

Days = Annotated[int | None, Query(ge=1, le=3650)]


@router.get(
    "/{customer_id}/statement",
    response_model=StatementAnswer,
    responses={200: {"content": {"text/html": {}, "application/pdf": {}}}},
)
async def get_statement(
    customer_id: PathId,
    doors: Doors,
    content: Annotated[Literal["full", "overdue"], Query()] = "full",
    min_days_overdue: Days = None,
    paid_within_days: Days = None,
    format: Annotated[Literal["json", "html", "pdf"], Query()] = "json",  # noqa: A002 - the contract's word
) -> Response:
    """What a customer owes and paid as of now, or what of it is overdue by some days or more.

    ``paid_within_days`` (90) goes with ``full``, ``min_days_overdue`` (1) with ``overdue``.
    """
    asked = _asked(content, min_days_overdue, paid_within_days)
    stated = await doors.state_customer(customer_id, asked)
    if format == "html":
        html = await doors.state_customer.html(stated)
        return Response(html, media_type="text/html", headers=SAFE_HEADERS)
    if format == "pdf":
        return Response(await doors.state_customer.pdf(stated), media_type="application/pdf")
    return JSONResponse(doors.state_customer.json(stated))


def _asked(content: str, min_days_overdue: int | None, paid_within_days: int | None) -> Content:
    if content == "full":
        if min_days_overdue is not None:
            raise mistake("/query/min_days_overdue", "not_allowed", "this goes with 'overdue'")
        return Content(type="full", paid_within_days=paid_within_days or 90)
    if paid_within_days is not None:
        raise mistake("/query/paid_within_days", "not_allowed", "this goes with 'full'")
    return Content(type="overdue", min_days_overdue=min_days_overdue or 1)
