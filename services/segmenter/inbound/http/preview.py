"""The preview of the draft over HTTP."""

from datetime import date
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.segmenter.inbound.http.doors import Doors
from services.segmenter.usecases.preview_draft import Preview
from shared.http.access import scope
from shared.http.answers import MoneyAnswer

router = APIRouter(prefix="/cascade/draft", tags=["draft"])


class CellAnswer(BaseModel):
    """Customers that would go ``from`` one segment ``to`` another, or stay."""

    model_config = ConfigDict(populate_by_name=True)

    from_segment: str = Field(alias="from")
    to: str
    customers: int
    balance: list[MoneyAnswer]


class SizeAnswer(BaseModel):
    """A segment's customers before and after."""

    segment_id: str
    name: str
    before: int
    after: int


class WarningAnswer(BaseModel):
    """A segment that nobody would be in, why, and which segments take whoever matches it."""

    segment_id: str
    code: Literal["empty", "shadowed", "contradictory"]
    by: list[str]


class PreviewAnswer(BaseModel):
    """Exactly what a refresh would do as of a day; nothing is written."""

    as_of: date
    matrix: list[CellAnswer]
    sizes: list[SizeAnswer]
    warnings: list[WarningAnswer]


@router.post("/preview", dependencies=[scope("segments:read")])
async def preview(doors: Doors) -> PreviewAnswer:
    """Who would go where if the draft were published now."""
    return _answer(await doors.preview_draft())


def _answer(found: Preview) -> PreviewAnswer:
    return PreviewAnswer(
        as_of=found.as_of,
        matrix=[
            CellAnswer(
                from_segment=cell.from_segment,
                to=cell.to_segment,
                customers=cell.customers,
                balance=[MoneyAnswer.of(part) for part in cell.balance],
            )
            for cell in found.matrix
        ],
        sizes=[SizeAnswer(**vars(size)) for size in found.sizes],
        warnings=[WarningAnswer(segment_id=w.segment_id, code=w.code, by=list(w.by)) for w in found.warnings],
    )
