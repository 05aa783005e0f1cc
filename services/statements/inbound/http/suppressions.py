"""Suppressed addresses over HTTP."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from services.statements.inbound.http.doors import Doors
from services.statements.storage.suppressions import Suppression
from shared.http.access import Who
from shared.http.answers import instant_text
from shared.http.fields import PathId
from shared.http.pages import After, Limit, Page, page_of

router = APIRouter(tags=["suppressions"], prefix="/suppressions")


class SuppressionAnswer(BaseModel):
    """An address that is not written to any more; ``customer_ids``: whose it is now.

    ``address`` is null once the customer by whose mail it was learnt is erased.
    """

    suppression_id: str
    address_sha256: str
    address: str | None
    reason: Literal["hard_bounce", "complaint"]
    customer_ids: list[str]
    since: str

    @classmethod
    def of(cls, found: Suppression) -> "SuppressionAnswer":
        return cls(
            suppression_id=found.suppression_id,
            address_sha256=found.address_sha256,
            address=found.address,
            reason="complaint" if found.reason == "complaint" else "hard_bounce",
            customer_ids=list(found.customer_ids),
            since=instant_text(found.since),
        )


@router.get("")
async def list_suppressions(doors: Doors, after: After, limit: Limit = 50) -> Page[SuppressionAnswer]:
    """Addresses that bounced for good or whose owner complained, in order of id."""
    found = await doors.lift_suppression.page(after, limit)
    return page_of(found, limit, lambda one: (one.suppression_id,), SuppressionAnswer.of)


@router.delete("/{suppression_id}", status_code=204)
async def delete_suppression(suppression_id: PathId, doors: Doors, who: Who) -> None:
    """Let an address be written to again; ``contact.restored`` tells it."""
    await doors.lift_suppression(suppression_id, by=who.name)
