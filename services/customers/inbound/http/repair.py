"""For the services that hear us: snapshots to repair a customer from, heads to compare with.

Answers are in the words of ``customers.v1``, byte for byte what its hearers decode.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from services.customers.inbound.http.doors import Doors
from shared.contracts.envelope import encode_data
from shared.http.fields import Id, PathId
from shared.http.pages import Page

router = APIRouter(tags=["repair"])


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


@router.get("/heads")
async def list_heads(
    doors: Doors, after: Annotated[Id | None, Query()] = None, limit: Annotated[int, Query(ge=1, le=10000)] = 1000
) -> Page[HeadAnswer]:
    """How far each customer's events go, in order of id; ``next_cursor`` is the ``after`` of the next page."""
    found = await doors.tell_snapshots.heads(after or "", limit)
    heads = [HeadAnswer(customer_id=head.customer_id, epoch=head.epoch, seq=head.seq) for head in found]
    return Page(items=heads, next_cursor=heads[-1].customer_id if len(heads) == limit else None)
