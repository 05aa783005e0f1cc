"""Everyone's standing over HTTP, as lines of JSON: bootstrap and repair of whoever hears ``segments.v1``."""

from collections.abc import AsyncIterator
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from services.segmenter.inbound.http.doors import Doors
from services.segmenter.usecases.list_standings import ListStandings
from shared.contracts.envelope import encode_data
from shared.contracts.segments_v1 import CascadePublished
from shared.http.fields import Id

router = APIRouter(tags=["standings"])

_NDJSON = "application/x-ndjson"


@router.get(
    "/standings",
    response_class=StreamingResponse,
    responses={200: {"content": {_NDJSON: {}}, "description": "The published cascade, then a line a customer"}},
)
async def list_standings(doors: Doors, after: Annotated[Id | None, Query()] = None) -> StreamingResponse:
    """The published cascade as in ``cascade.published``, then customers after an id, in order of id."""
    cascade = await doors.list_standings.cascade()
    return StreamingResponse(_lines(cascade, doors.list_standings, after or ""), media_type=_NDJSON)


async def _lines(cascade: CascadePublished, standings: ListStandings, after: str) -> AsyncIterator[bytes]:
    yield encode_data(cascade) + b"\n"
    async for rows in standings.pages(after):
        yield b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
