"""How the service stands, over HTTP."""

from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel

from services.customers.inbound.http.doors import Doors
from shared.http.version import VERSION

router = APIRouter(tags=["status"])


class StatusAnswer(BaseModel):
    """``as_of`` is the business date; ``outbox_unsent`` counts events that Kafka has not acknowledged."""

    service: str
    version: str
    business_time_zone: str
    currencies: list[str]
    as_of: date
    outbox_unsent: int


@router.get("/status")
async def get_status(doors: Doors) -> StatusAnswer:
    """How the service stands."""
    status = await doors.report_status()
    return StatusAnswer(
        service="customers",
        version=VERSION,
        business_time_zone=status.business_time_zone,
        currencies=list(status.currencies),
        as_of=status.as_of,
        outbox_unsent=status.outbox_unsent,
    )
