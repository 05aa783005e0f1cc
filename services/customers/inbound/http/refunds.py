"""Refunds of a payment over HTTP."""

from fastapi import APIRouter, Response

from services.customers.inbound.http.doors import Doors
from services.customers.inbound.http.preconditions import Conditions, version_of
from services.customers.inbound.http.refund_body import RefundAnswer, RefundBody
from services.customers.inbound.http.writing import created, tell_recorded
from services.customers.usecases.record_facts import Order
from shared.http.fields import PathId
from shared.http.pages import After, Limit, Page, page_of

router = APIRouter(tags=["payments"], prefix="/customers/{customer_id}/payments/{payment_id}/refunds")


@router.put("/{refund_id}", responses=created(RefundAnswer))
async def put_refund(
    customer_id: PathId,
    payment_id: PathId,
    refund_id: PathId,
    conditions: Conditions,
    doors: Doors,
    response: Response,
    body: RefundBody | None = None,
) -> RefundAnswer:
    """Give back a part of a payment: what is unapplied of it first, then what paid the latest due invoices.

    Those invoices are open again. More than is left is refused (422 `exceeds_payment`).
    """
    asked = (body or RefundBody()).asked(customer_id, payment_id, refund_id)
    recorded = await doors.record_facts.one(Order(asked, conditions.check_stored))
    refund = recorded.account.refunds[payment_id, refund_id]
    tell_recorded(response, recorded, refund)
    return RefundAnswer.of(refund)


@router.get("/{refund_id}")
async def get_refund(
    customer_id: PathId, payment_id: PathId, refund_id: PathId, doors: Doors, response: Response
) -> RefundAnswer:
    """A refund."""
    refund = await doors.read_refunds.one(customer_id, payment_id, refund_id)
    response.headers["ETag"] = version_of(refund)
    return RefundAnswer.of(refund)


@router.get("")
async def list_refunds(
    customer_id: PathId, payment_id: PathId, doors: Doors, after: After, limit: Limit = 50
) -> Page[RefundAnswer]:
    """A payment's refunds in order of id."""
    found = await doors.read_refunds.page(customer_id, payment_id, after, limit)
    return page_of(found, limit, lambda one: (one.refund_id,), RefundAnswer.of)
