"""Where a customer stands, over HTTP."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from services.segmenter.inbound.http.doors import Doors
from services.segmenter.inbound.http.explanation_answer import value_answer
from services.segmenter.inbound.http.flows import FlowAnswer
from services.segmenter.usecases.read_standing import CustomerStanding
from shared.http.answers import instant_text
from shared.http.fields import Id, PathId

router = APIRouter(tags=["standings"])

_NDJSON = "application/x-ndjson"


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


_LINES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The published cascade as in `cascade.published`, then a line for each customer: `customer_id`"
        " `segment_id` `aging_bucket` `risk_level` `epoch` `sequence`",
        "content": {_NDJSON: {"schema": {"type": "string"}}},
    }
}


@router.get("/standings", response_class=StreamingResponse, responses=_LINES)
async def list_standings(doors: Doors, after: Annotated[Id | None, Query()] = None) -> StreamingResponse:
    """Where everyone after an id stands, in order of id, for hearers of ``segments.v1`` that begin or were cut off.

    ``epoch`` and ``sequence`` are those of the last event told of the customer: higher ones say what came later.
    """
    return StreamingResponse(_lines(doors.tell_standings(after or "")), media_type=_NDJSON)


async def _lines(pages: AsyncIterator[Sequence[Any]]) -> AsyncIterator[bytes]:
    async for page in pages:
        yield b"".join(msgspec.json.encode(one) + b"\n" for one in page)


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
