"""For the services that hear us: snapshots to repair a customer from, heads to compare with.

Answers are in the words of ``customers.v1``, byte for byte what its hearers decode.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse
from msgspec import Struct
from pydantic import BaseModel

from services.customers.inbound.http.doors import Doors
from shared.contracts.envelope import encode_data
from shared.http.fields import Id, PathId
from shared.http.pages import Page

router = APIRouter(tags=["repair"])

_NDJSON = "application/x-ndjson"


class HeadAnswer(BaseModel):
    """How far a customer's events go."""

    customer_id: Id
    epoch: int
    seq: int


_SNAPSHOT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The facts in the words of the events (AsyncAPI: customers.v1)",
        "content": {
            "application/json": {
                "schema": {"type": "object", "required": ["customer_id", "epoch", "seq", "customer"]},
            }
        },
    }
}


@router.get("/customers/{customer_id}/snapshot", response_class=Response, responses=_SNAPSHOT)
async def get_snapshot(customer_id: PathId, doors: Doors) -> Response:
    """Everything about a customer as of (epoch, seq), applications in the order made."""
    snapshot = await doors.tell_snapshots.one(customer_id)
    return Response(encode_data(snapshot), media_type="application/json")


_SNAPSHOTS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A line for each declared variable (only without `after`), then one for each customer",
        "content": {_NDJSON: {"schema": {"type": "string"}}},
    }
}


@router.get("/snapshots", response_class=StreamingResponse, responses=_SNAPSHOTS)
async def list_snapshots(doors: Doors, after: Annotated[Id | None, Query()] = None) -> StreamingResponse:
    """The snapshots of all customers after an id, in order of id, erased ones included; each as of a moment of its own.

    Whoever did not read to the end goes on with ``after`` the last id it has read.
    """
    return StreamingResponse(_lines(doors.tell_snapshots.all(after or "")), media_type=_NDJSON)


async def _lines(pages: AsyncIterator[Sequence[Struct]]) -> AsyncIterator[bytes]:
    async for page in pages:
        yield b"".join(encode_data(one) + b"\n" for one in page)


@router.get("/heads")
async def list_heads(
    doors: Doors, after: Annotated[Id | None, Query()] = None, limit: Annotated[int, Query(ge=1, le=10000)] = 1000
) -> Page[HeadAnswer]:
    """How far each customer's events go, in order of id; ``next_cursor`` is the ``after`` of the next page."""
    found = await doors.tell_snapshots.heads(after or "", limit)
    heads = [HeadAnswer(customer_id=head.customer_id, epoch=head.epoch, seq=head.seq) for head in found]
    return Page(items=heads, next_cursor=heads[-1].customer_id if len(heads) == limit else None)
