"""Disputes of a customer over HTTP."""

from fastapi import APIRouter, Response

from services.customers.inbound.http.dispute_body import DisputeAnswer, DisputeBody
from services.customers.inbound.http.doors import Doors
from services.customers.inbound.http.preconditions import Conditions, version_of
from services.customers.inbound.http.writing import created, tell_recorded
from services.customers.usecases.record_facts import Order
from shared.http.fields import PathId
from shared.http.pages import After, Limit, Page, page_of

router = APIRouter(tags=["disputes"], prefix="/customers/{customer_id}/disputes")


@router.put("/{dispute_id}", responses=created(DisputeAnswer))
async def put_dispute(
    customer_id: PathId, dispute_id: PathId, body: DisputeBody, conditions: Conditions, doors: Doors, response: Response
) -> DisputeAnswer:
    """Open a dispute, close it, or change what is known of it."""
    recorded = await doors.record_facts.one(Order(body.asked(customer_id, dispute_id), conditions.check_stored))
    dispute = recorded.account.disputes[dispute_id]
    tell_recorded(response, recorded, dispute)
    return DisputeAnswer.of(dispute)


@router.get("/{dispute_id}")
async def get_dispute(customer_id: PathId, dispute_id: PathId, doors: Doors, response: Response) -> DisputeAnswer:
    """A dispute."""
    dispute = await doors.read_disputes.one(customer_id, dispute_id)
    response.headers["ETag"] = version_of(dispute)
    return DisputeAnswer.of(dispute)


@router.get("")
async def list_disputes(customer_id: PathId, doors: Doors, after: After, limit: Limit = 50) -> Page[DisputeAnswer]:
    """A customer's disputes in order of id."""
    found = await doors.read_disputes.page(customer_id, after, limit)
    return page_of(found, limit, lambda dispute: (dispute.dispute_id,), DisputeAnswer.of)
