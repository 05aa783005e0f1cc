"""The portfolio's forecast over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from services.segmenter.inbound.http.doors import Doors
from services.segmenter.storage.forecasts import LONGEST_DAYS
from services.segmenter.usecases.read_forecast import Transition
from shared.http.answers import MoneyAnswer, instant_text

router = APIRouter(prefix="/forecast", tags=["standings"])


class TransitionAnswer(BaseModel):
    """How many customers go from one segment to another (ids) on a day, and their total balance per currency."""

    on: date
    from_segment: Annotated[str, Field(serialization_alias="from")]
    to_segment: Annotated[str, Field(serialization_alias="to")]
    customers: int
    balance: list[MoneyAnswer]


class PortfolioForecastAnswer(BaseModel):
    """``as_of``: the day whose turn it was worked out after, from the state at that turn; null before the first."""

    as_of: date | None
    computed_at: str | None
    items: list[TransitionAnswer]


@router.get("")
async def get_forecast(
    doors: Doors, days: Annotated[int, Query(ge=1, le=LONGEST_DAYS)] = LONGEST_DAYS
) -> PortfolioForecastAnswer:
    """Who moves in so many days after ``as_of`` if nothing happens."""
    found = await doors.read_forecast(days)
    return PortfolioForecastAnswer(
        as_of=found.as_of,
        computed_at=instant_text(found.computed_at) if found.computed_at else None,
        items=[_transition(one) for one in found.transitions],
    )


def _transition(found: Transition) -> TransitionAnswer:
    return TransitionAnswer(
        on=found.on,
        from_segment=found.from_segment,
        to_segment=found.to_segment,
        customers=found.customers,
        balance=[MoneyAnswer.of(part) for part in found.balance],
    )
