"""Customers that are behind, over HTTP, in every service that hears: ``app.state.use_cases.tend_behind`` tends them."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from shared.http.access import scope
from shared.http.answers import instant_text
from shared.http.fields import PathId
from shared.http.pages import Cursor, Limit, Page, decode_cursor, no_cursor, page_of
from shared.messaging.behind import Behind, TendBehind

router = APIRouter(prefix="/behind", tags=["behind"], dependencies=[scope("admin")])


class BehindAnswer(BaseModel):
    """A customer whose facts wait for a snapshot at (``seen_epoch``, ``seen_seq``) or later."""

    customer_id: str
    seen_epoch: int
    seen_seq: int
    reason: str
    tries: int
    since: str
    next_try_at: str

    @classmethod
    def of(cls, behind: Behind) -> "BehindAnswer":
        instants = {"since": instant_text(behind.since), "next_try_at": instant_text(behind.next_try_at)}
        return cls(
            customer_id=behind.customer_id,
            seen_epoch=behind.seen_epoch,
            seen_seq=behind.seen_seq,
            reason=behind.reason,
            tries=behind.tries,
            **instants,
        )


async def _tend_behind(request: Request) -> TendBehind:
    tend_behind: TendBehind = request.app.state.use_cases.tend_behind
    return tend_behind


Tending = Annotated[TendBehind, Depends(_tend_behind)]


@router.get("")
async def list_behind(tending: Tending, cursor: Cursor = None, limit: Limit = 50) -> Page[BehindAnswer]:
    """Customers that fell behind, in order of id; they mend by themselves."""
    key = decode_cursor(cursor, 1)
    after = key[0] if key else ""
    if not isinstance(after, str):
        raise no_cursor()
    found = await tending.page(after, limit)
    return page_of(found, limit, lambda one: (one.customer_id,), BehindAnswer.of)


@router.post("/{customer_id}/retry")
async def retry_behind(customer_id: PathId, tending: Tending) -> BehindAnswer:
    """Repair a customer now rather than at its next try; 404 for one that is not behind."""
    return BehindAnswer.of(await tending.retry(customer_id))
