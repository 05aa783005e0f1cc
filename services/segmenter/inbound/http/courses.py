"""One customer through time, over HTTP: why it is where it is, where it was, and where it will be."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from services.segmenter.inbound.http.doors import Doors
from services.segmenter.inbound.http.explanation_answer import ExplanationAnswer, explanation_answer
from services.segmenter.storage.coming_days import Coming
from services.segmenter.storage.course import PastMove
from services.segmenter.usecases.explain_customer import FARTHEST_DAYS
from shared.http.answers import instant_text
from shared.http.fields import IsoDate, PathId

router = APIRouter(prefix="/standings/{customer_id}", tags=["standings"])


class MoveAnswer(BaseModel):
    """A move between segments (ids); ``from`` is null on registration."""

    at: str
    as_of: date
    from_segment: Annotated[str | None, Field(serialization_alias="from")]
    to_segment: Annotated[str | None, Field(serialization_alias="to")]
    cause: Literal["event", "day_turn", "refresh", "erasure"]
    revision: int


class HistoryAnswer(BaseModel):
    """Moves, the oldest first."""

    items: list[MoveAnswer]


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


@router.get("/history")
async def get_history(
    customer_id: PathId, doors: Doors, on: Annotated[IsoDate | None, Query()] = None
) -> HistoryAnswer:
    """Every move of a customer; with ``on`` only the one in force at the end of that day."""
    return HistoryAnswer(items=[_move(move) for move in await doors.follow_customer.history(customer_id, on)])


@router.get("/forecast")
async def get_forecast(
    customer_id: PathId, doors: Doors, days: Annotated[int, Query(ge=1, le=FARTHEST_DAYS)] = FARTHEST_DAYS
) -> ForecastAnswer:
    """Every change of segment in so many days, if nothing happens."""
    return ForecastAnswer(items=[_coming(one) for one in await doors.follow_customer.forecast(customer_id, days)])


def _move(move: PastMove) -> MoveAnswer:
    return MoveAnswer(
        at=instant_text(move.at),
        as_of=move.as_of,
        from_segment=move.from_segment,
        to_segment=move.to_segment,
        cause=move.cause,
        revision=move.revision,
    )


def _coming(coming: Coming) -> ComingAnswer:
    return ComingAnswer(on=coming.on, from_segment=coming.from_segment, to_segment=coming.to_segment)
