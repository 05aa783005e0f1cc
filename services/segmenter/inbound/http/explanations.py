"""Why one customer is where it is, and where it will be, over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from services.segmenter.inbound.http.doors import Doors
from services.segmenter.inbound.http.explanation_answer import ExplanationAnswer, explanation_answer
from services.segmenter.storage.coming_days import Coming
from services.segmenter.usecases.explain_customer import FARTHEST_DAYS
from shared.http.fields import IsoDate, PathId

router = APIRouter(prefix="/standings/{customer_id}", tags=["standings"])


class ComingAnswer(BaseModel):
    """A change by time alone, between segments (ids)."""

    on: date
    from_segment: Annotated[str, Field(serialization_alias="from")]
    to_segment: Annotated[str, Field(serialization_alias="to")]


class ForecastAnswer(BaseModel):
    """Changes to come, the first one first."""

    items: list[ComingAnswer]


@router.get("/explanation")
async def get_explanation(
    customer_id: PathId, doors: Doors, as_of: Annotated[IsoDate | None, Query()] = None
) -> ExplanationAnswer:
    """Every segment with its verdict, as of today, a past day, or a coming one (up to 400 days ahead).

    A past day is judged by the published cascade and the facts known now that are dated until then.
    """
    return explanation_answer(await doors.explain_customer(customer_id, as_of))


@router.get("/forecast")
async def get_forecast(
    customer_id: PathId, doors: Doors, days: Annotated[int, Query(ge=1, le=FARTHEST_DAYS)] = FARTHEST_DAYS
) -> ForecastAnswer:
    """Every change of segment in so many days, if nothing happens."""
    return ForecastAnswer(items=[_coming(one) for one in await doors.foretell_customer(customer_id, days)])


def _coming(coming: Coming) -> ComingAnswer:
    return ComingAnswer(on=coming.on, from_segment=coming.from_segment, to_segment=coming.to_segment)
