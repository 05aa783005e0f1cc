"""A customer's statement now, over HTTP."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse

from services.statements.domain.rule import Content
from services.statements.inbound.http.deliveries import SAFE_HEADERS
from services.statements.inbound.http.doors import Doors
from services.statements.inbound.http.statement_answer import StatementAnswer
from shared.http.fields import PathId

router = APIRouter(tags=["customers"], prefix="/customers")

Days = Annotated[int, Query(ge=1, le=3650)]


@router.get("/{customer_id}/statement", response_model=StatementAnswer, responses={200: {"content": {"text/html": {}}}})
async def get_statement(
    customer_id: PathId,
    doors: Doors,
    content: Annotated[Literal["full", "overdue"], Query()] = "full",
    min_days_overdue: Days = 1,
    paid_within_days: Days = 90,
    format: Annotated[Literal["json", "html"], Query()] = "json",  # noqa: A002 - the contract's word
) -> Response:
    """What a customer owes and paid as of now, or what of it is overdue by some days or more."""
    asked = (
        Content(type="full", paid_within_days=paid_within_days)
        if content == "full"
        else Content(type="overdue", min_days_overdue=min_days_overdue)
    )
    stated = await doors.state_customer(customer_id, asked)
    if format == "html":
        return Response(doors.state_customer.html(stated), media_type="text/html", headers=SAFE_HEADERS)
    return JSONResponse(doors.state_customer.json(stated))
