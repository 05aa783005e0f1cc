"""Where a customer stands, over HTTP."""

from dataclasses import asdict
from datetime import date
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel

from services.segmenter.inbound.http.doors import Doors
from services.segmenter.inbound.http.explanation_answer import value_answer
from services.segmenter.inbound.http.flows import FlowAnswer
from services.segmenter.usecases.read_standing import CustomerStanding
from shared.http.answers import instant_text
from shared.http.fields import PathId

router = APIRouter(tags=["standings"])


class StandingSegment(BaseModel):
    """The customer's segment, and the day of the evaluation that chose it."""

    segment_id: str
    name: str
    as_of: date


class ReasonAnswer(BaseModel):
    """A test that decided."""

    code: Literal["days_past_due", "average_days_late", "broken_promises", "on_time_ratio", "score", "no_history"]
    es: str
    en: str


class RiskAnswer(BaseModel):
    """The risk level of the last evaluation, and why it is so.

    Of a high risk the reasons are what makes it high, of a low one what makes it low, of a medium one what keeps it
    from low.
    """

    level: Literal["low", "medium", "high", "unknown"]
    reasons: list[ReasonAnswer]


class StandingAnswer(BaseModel):
    """``variables`` has every variable, windowed ones for all time, money with its currency, missing ones null."""

    customer_id: str
    name: str
    segment: StandingSegment
    since: str
    flow: FlowAnswer | None
    revision: int
    refreshing: bool
    aging_bucket: str
    risk: RiskAnswer
    variables: dict[str, Any]
    as_of: date
    next_change_on: date | None


@router.get("/standings/{customer_id}")
async def get_standing(customer_id: PathId, doors: Doors) -> StandingAnswer:
    """The segment of a customer, and everything it was judged by."""
    return _answer(await doors.read_standing(customer_id))


def _answer(found: CustomerStanding) -> StandingAnswer:
    standing = found.standing
    return StandingAnswer(
        customer_id=found.customer_id,
        name=standing.name,
        segment=StandingSegment(segment_id=standing.segment_id, name=found.segment_name, as_of=found.judged_on),
        since=instant_text(standing.since),
        flow=FlowAnswer.of(found.flow) if found.flow else None,
        revision=found.revision,
        refreshing=found.refreshing,
        aging_bucket=standing.aging_bucket,
        risk=RiskAnswer.model_validate(
            {"level": standing.risk_level, "reasons": [asdict(reason) for reason in found.risk_reasons]}
        ),
        variables={key: value_answer(value) for key, value in found.variables.items()},
        as_of=found.as_of,
        next_change_on=found.next_change_on,
    )
