"""Payments of a customer over HTTP."""

from fastapi import APIRouter, Response

from services.customers.inbound.http.doors import Doors
from services.customers.inbound.http.payment_body import PaymentAnswer, PaymentBody
from services.customers.inbound.http.preconditions import Conditions, version_of
from services.customers.inbound.http.writing import created, tell_recorded
from services.customers.usecases.record_facts import Order
from shared.http.fields import PathId
from shared.http.pages import After, Limit, Page, page_of

router = APIRouter(tags=["payments"], prefix="/customers/{customer_id}/payments")


@router.put("/{payment_id}", responses=created(PaymentAnswer))
async def put_payment(
    customer_id: PathId,
    payment_id: PathId,
    body: PaymentBody,
    conditions: Conditions,
    doors: Doors,
    response: Response,
) -> PaymentAnswer:
    """Take a payment attempt: its allocations first, then what is left pays the oldest due invoices."""
    recorded = await doors.record_facts.one(Order(body.asked(customer_id, payment_id), conditions.condition))
    payment = recorded.account.payments[payment_id]
    tell_recorded(response, recorded, payment)
    unapplied = recorded.account.book.credits["payment", payment_id].left
    return PaymentAnswer.of(payment, unapplied, recorded.account.refunded[payment_id])


@router.get("/{payment_id}")
async def get_payment(customer_id: PathId, payment_id: PathId, doors: Doors, response: Response) -> PaymentAnswer:
    """A payment with what is left of it."""
    kept = await doors.read_payments.one(customer_id, payment_id)
    response.headers["ETag"] = version_of(kept.payment)
    return PaymentAnswer.of(kept.payment, kept.credit.left, kept.refunded)


@router.get("")
async def list_payments(customer_id: PathId, doors: Doors, after: After, limit: Limit = 50) -> Page[PaymentAnswer]:
    """A customer's payments in order of id."""
    found = await doors.read_payments.page(customer_id, after, limit)
    return page_of(
        found,
        limit,
        lambda one: (one.payment.payment_id,),
        lambda one: PaymentAnswer.of(one.payment, one.credit.left, one.refunded),
    )
