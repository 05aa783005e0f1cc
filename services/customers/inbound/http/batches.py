"""Batches over HTTP."""

import asyncio
from collections import Counter
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel

from services.customers.inbound.http.batch_lines import KINDS, read_csv_lines, read_json_lines
from services.customers.inbound.http.doors import Doors
from services.customers.usecases.load_batch import Loaded
from shared.basics.errors import BadInput, KnownError
from shared.http.access import Who
from shared.http.gate import MEBIBYTE
from shared.http.problems import status_of

BATCH_BYTES = 8 * MEBIBYTE
_NDJSON = "application/x-ndjson"
_CSV = "text/csv"
_READERS = {_NDJSON: read_json_lines, _CSV: read_csv_lines}
_COLUMNS = (
    "UTF-8, a header row, then one row a line: `kind`, `customer_id`, `id`, the fields of the body. Dots lead inside "
    "(`document.number`, `variables.cupo`, `emails.0`, `allocations.0.invoice_id`); `currency` beside `amount` is the "
    "amount's; an empty cell says nothing."
)
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "One JSON object a line: its kind, its ids, its body. The kinds are " + ", ".join(KINDS),
        "content": {
            _NDJSON: {"schema": {"type": "string"}},
            _CSV: {"schema": {"type": "string", "description": _COLUMNS}},
        },
    }
}

router = APIRouter(tags=["batches"])


class MistakeAnswer(BaseModel):
    """One thing wrong in a line."""

    pointer: str
    code: str
    detail: str


class LineAnswer(BaseModel):
    """What the single write would have been answered."""

    line: int
    status: int
    code: str | None = None
    detail: str | None = None
    errors: list[MistakeAnswer] = []


class BatchAnswer(BaseModel):
    """How many lines were accepted, unchanged and failed; lines in detail as ``results`` asked."""

    accepted: int
    unchanged: int
    failed: int
    results: list[LineAnswer]


@router.post("/batches", openapi_extra=_BODY, responses={413: {"description": "Over 8 MiB or 10,000 lines"}, 415: {}})
async def post_batch(
    request: Request,
    doors: Doors,
    who: Who,
    history: Annotated[bool, Query(description="The lines are the past: nothing is told of moves in between")] = False,
    results: Annotated[Literal["failures", "all"], Query()] = "failures",
) -> BatchAnswer:
    """Write many facts in one call; good lines are kept when others are bad."""
    read = _READERS.get(request.headers.get("content-type", "").partition(";")[0].strip().lower())
    if read is None:
        raise HTTPException(415, "a batch is " + " or ".join(_READERS))
    lines = await asyncio.to_thread(read, await request.body())
    loaded = await doors.load_batch(lines, history=history, by=who.name)
    counts = Counter("failed" if isinstance(one.outcome, KnownError) else one.outcome for one in loaded)
    return BatchAnswer(
        accepted=counts["new"] + counts["changed"],
        unchanged=counts["unchanged"],
        failed=counts["failed"],
        results=[_line(one) for one in loaded if results == "all" or isinstance(one.outcome, KnownError)],
    )


def _line(loaded: Loaded) -> LineAnswer:
    refusal = loaded.outcome
    if not isinstance(refusal, KnownError):
        return LineAnswer(line=loaded.number, status=201 if refusal == "new" else 200)
    found = refusal.mistakes if isinstance(refusal, BadInput) else ()
    return LineAnswer(
        line=loaded.number,
        status=status_of(refusal),
        code=refusal.code,
        detail=refusal.detail,
        errors=[MistakeAnswer(pointer=one.pointer, code=one.code, detail=one.detail) for one in found],
    )
