"""Erasing a customer over HTTP."""

from fastapi import APIRouter

from services.customers.inbound.http.doors import Doors
from services.customers.inbound.http.preconditions import Conditions
from shared.http.access import Who
from shared.http.fields import PathId

router = APIRouter(tags=["customers"])


@router.delete("/customers/{customer_id}", status_code=204)
async def erase_customer(customer_id: PathId, conditions: Conditions, doors: Doors, who: Who) -> None:
    """Erase personal data in all services and keep the books; from then on the id is 410 `erased`, for good."""
    await doors.erase_customer(customer_id, conditions.check_stored, by=who.name)
