"""How the service stands, over HTTP."""

from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel

from services.statements.inbound.http.doors import Doors
from shared.http.answers import instant_text
from shared.http.version import VERSION

router = APIRouter(tags=["status"])


class StatusAnswer(BaseModel):
    """``as_of`` is the business date; everything heard is applied through ``facts_through``."""

    service: str
    version: str
    business_time_zone: str
    currencies: list[str]
    as_of: date
    facts_through: str | None
    events_behind: int
    customers_behind: int
    quarantined: int
    outbox_unsent: int


@router.get("/status")
async def get_status(doors: Doors) -> StatusAnswer:
    """How the service stands."""
    status = await doors.report_status()
    return StatusAnswer(
        service="statements",
        version=VERSION,
        business_time_zone=status.business_time_zone,
        currencies=list(status.currencies),
        as_of=status.as_of,
        facts_through=instant_text(status.facts_through) if status.facts_through else None,
        events_behind=status.events_behind,
        customers_behind=status.customers_behind,
        quarantined=status.quarantined,
        outbox_unsent=status.outbox_unsent,
    )
