"""The moves of one customer, over HTTP."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from services.segmenter.inbound.http.doors import Doors
from services.segmenter.storage.past_moves import PastMove
from shared.http.answers import instant_text
from shared.http.fields import IsoDate, PathId

router = APIRouter(tags=["standings"])


class PastMoveAnswer(BaseModel):
    """A move ``from`` one segment (null on registration) ``to`` another, judged as of a day by a revision.

    ``to`` is null where the customer was erased, and its owner's database restored to before that.
    """

    model_config = ConfigDict(populate_by_name=True)

    at: str
    as_of: date
    from_segment: str | None = Field(alias="from")
    to: str | None
    cause: str
    revision: int

    @classmethod
    def of(cls, move: PastMove) -> "PastMoveAnswer":
        return cls(
            at=instant_text(move.at),
            as_of=move.as_of,
            from_segment=move.from_segment,
            to=move.to_segment,
            cause=move.cause,
            revision=move.revision,
        )


class HistoryAnswer(BaseModel):
    """Moves, the oldest first."""

    items: list[PastMoveAnswer]


@router.get("/standings/{customer_id}/history")
async def get_history(
    customer_id: PathId, doors: Doors, on: Annotated[IsoDate | None, Query()] = None
) -> HistoryAnswer:
    """Every move of a customer; with ``on`` only the one in force at the end of that day."""
    return HistoryAnswer(items=[PastMoveAnswer.of(move) for move in await doors.read_history(customer_id, on)])
