"""How the service stands, over HTTP."""

from datetime import date

from fastapi import APIRouter
from pydantic import BaseModel

from services.segmenter.inbound.http.doors import Doors
from shared.http.answers import instant_text
from shared.http.version import VERSION

router = APIRouter(tags=["status"])


class DayTurnAnswer(BaseModel):
    """The day that verdicts are of, and whether everyone was judged as of it."""

    as_of: date
    done: bool


class StatusAnswer(BaseModel):
    """``as_of`` is the business date; facts up to ``facts_through`` are in everyone's segment; ``refresh`` is the id of
    one under way."""

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
    day_turn: DayTurnAnswer
    refresh: str | None


@router.get("/status")
async def get_status(doors: Doors) -> StatusAnswer:
    """How the service stands."""
    status = await doors.report_status()
    return StatusAnswer(
        service="segmenter",
        version=VERSION,
        business_time_zone=doors.business_time_zone,
        currencies=list(doors.currencies),
        as_of=status.as_of,
        facts_through=instant_text(status.facts_through) if status.facts_through else None,
        events_behind=status.events_behind,
        customers_behind=status.customers_behind,
        quarantined=status.quarantined,
        outbox_unsent=status.outbox_unsent,
        day_turn=DayTurnAnswer(as_of=status.as_of, done=status.is_turned),
        refresh=status.refresh_id,
    )
