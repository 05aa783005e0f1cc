"""Promises of a customer over HTTP."""

from fastapi import APIRouter, Response

from services.customers.inbound.http.doors import Doors
from services.customers.inbound.http.preconditions import Conditions, version_of
from services.customers.inbound.http.promise_body import PromiseAnswer, PromiseBody
from services.customers.inbound.http.writing import created, tell_recorded
from services.customers.usecases.record_facts import Order
from shared.http.fields import PathId
from shared.http.pages import After, Limit, Page, page_of

router = APIRouter(tags=["promises"], prefix="/customers/{customer_id}/promises")


@router.put("/{promise_id}", responses=created(PromiseAnswer))
async def put_promise(
    customer_id: PathId, promise_id: PathId, body: PromiseBody, conditions: Conditions, doors: Doors, response: Response
) -> PromiseAnswer:
    """Enter a promise, cancel it, or let it hold again; nothing else of it changes."""
    recorded = await doors.record_facts.one(Order(body.asked(customer_id, promise_id), conditions.check_stored))
    promise = recorded.account.promises[promise_id]
    tell_recorded(response, recorded, promise)
    return PromiseAnswer.of(promise)


@router.get("/{promise_id}")
async def get_promise(customer_id: PathId, promise_id: PathId, doors: Doors, response: Response) -> PromiseAnswer:
    """A promise."""
    promise = await doors.read_promises.one(customer_id, promise_id)
    response.headers["ETag"] = version_of(promise)
    return PromiseAnswer.of(promise)


@router.get("")
async def list_promises(customer_id: PathId, doors: Doors, after: After, limit: Limit = 50) -> Page[PromiseAnswer]:
    """A customer's promises in order of id."""
    found = await doors.read_promises.page(customer_id, after, limit)
    return page_of(found, limit, lambda promise: (promise.promise_id,), PromiseAnswer.of)
