"""Filters over customers, over HTTP: a page at a time, or everyone as a file."""

import csv
import io
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from services.segmenter.inbound.http.doors import Doors
from services.segmenter.inbound.http.member_answer import MemberAnswer
from services.segmenter.inbound.http.sorting import after_cursor, next_cursor, read_sort
from services.segmenter.storage.members import Member
from services.segmenter.storage.settings_json import settings_json
from services.segmenter.usecases.find_customers import Asked
from shared.basics.money import amount_text
from shared.basics.sheet import cell
from shared.http.access import scope
from shared.http.fields import DefaultingBody, IsoDate

router = APIRouter(prefix="/customers", tags=["search"])

COLUMNS = (
    "customer_id", "name", "segment_id", "aging_bucket", "risk_level", "total_balance", "overdue_balance", "currency",
)  # fmt: skip
_NDJSON = "application/x-ndjson"


class FilterBody(DefaultingBody):
    """A quick filter, a rule, or both (both must hold), and an order: a column, ``-`` before it for descending.

    ``as_of`` is a coming day, if nothing happens until then; it counts for the filter and for overdue balances.
    """

    quick: Literal["top", "new", "recurring", "recent"] | None = None
    where: dict[str, Any] | None = None
    as_of: IsoDate | None = None
    sort: str = "customer_id"

    def asked(self) -> Asked:
        """The same in the use case's words."""
        return Asked(self.quick, self.where, self.as_of, read_sort(self.sort))


class SearchBody(FilterBody):
    """A page of whoever the filter finds."""

    limit: Annotated[int, Field(ge=1, le=500)] = 50
    cursor: Annotated[str | None, Field(max_length=2000)] = None


class SearchAnswer(BaseModel):
    """``quick_filters`` are the published thresholds, with the cutoffs of *top* that the last refresh fixed."""

    items: list[MemberAnswer]
    next_cursor: str | None
    as_of: str
    quick_filters: dict[str, Any]


@router.post("/search", dependencies=[scope("segments:read")])
async def search(doors: Doors, body: SearchBody | None = None) -> SearchAnswer:
    """Customers for whom a filter is true; without a body, everyone."""
    body = body or SearchBody()
    asked = body.asked()
    found = await doors.find_customers.search(asked, after_cursor(body.cursor, asked.sort, "/cursor"), body.limit)
    return SearchAnswer(
        items=[MemberAnswer.of(member) for member in found.members],
        next_cursor=next_cursor(found.members, asked.sort, body.limit),
        as_of=found.as_of.isoformat(),
        quick_filters=settings_json(found.settings)["quick_filters"],
    )


@router.post(
    "/export",
    dependencies=[scope("segments:read")],
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}, _NDJSON: {}}, "description": "Everyone the filter finds"}},
)
async def export(
    doors: Doors, accept: Annotated[str, Header()] = "text/csv", body: FilterBody | None = None
) -> StreamingResponse:
    """Everyone for whom a filter is true: CSV, or with ``Accept: application/x-ndjson`` their ids alone."""
    asked = (body or FilterBody()).asked()
    await doors.find_customers.check(asked)
    pages = doors.find_customers.export(asked)
    if _NDJSON in accept:
        return StreamingResponse(_ids(pages), media_type=_NDJSON)
    headers = {"Content-Disposition": 'attachment; filename="customers.csv"'}
    return StreamingResponse(_csv(pages), media_type="text/csv; charset=utf-8", headers=headers)


async def _ids(pages: AsyncIterator[list[Member]]) -> AsyncIterator[str]:
    async for members in pages:
        yield "".join(json.dumps({"customer_id": member.customer_id}) + "\n" for member in members)


async def _csv(pages: AsyncIterator[list[Member]]) -> AsyncIterator[str]:
    """RFC 4180; a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    yield _rows([COLUMNS])
    async for members in pages:
        yield _rows([_row(member) for member in members])


def _row(member: Member) -> tuple[str, ...]:
    texts = (member.customer_id, member.name, member.segment_id, member.aging_bucket, member.risk_level)
    amounts = (amount_text(member.total_balance), amount_text(member.overdue_balance))
    return (*(cell(text) for text in texts), *amounts, member.currency)


def _rows(rows: list[tuple[str, ...]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()
