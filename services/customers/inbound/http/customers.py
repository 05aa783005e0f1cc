"""Customers over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.customers.domain.customer import AskedArchiving
from services.customers.inbound.http.customer_body import CustomerAnswer, CustomerBody
from services.customers.inbound.http.customer_patch_body import MERGE_PATCH, CustomerPatch
from services.customers.inbound.http.doors import Doors, UseCases
from services.customers.inbound.http.preconditions import Conditions, version_of
from services.customers.inbound.http.writing import created, tell_recorded
from services.customers.storage.customer_pages import Wanted
from services.customers.usecases.record_facts import Order
from shared.http.access import Who
from shared.http.fields import PathId, ShortText
from shared.http.pages import After, Limit, Page, page_of

router = APIRouter(tags=["customers"])

Filter = Annotated[ShortText | None, Query()]


@router.put("/customers/{customer_id}", responses=created(CustomerAnswer))
async def put_customer(
    customer_id: PathId, body: CustomerBody, conditions: Conditions, doors: Doors, response: Response
) -> CustomerAnswer:
    """Register a customer, or replace what is known of one."""
    return await _recorded(doors, response, Order(body.asked(customer_id), conditions.check_stored))


@router.patch("/customers/{customer_id}", openapi_extra=MERGE_PATCH)
async def patch_customer(
    customer_id: PathId, body: CustomerPatch, conditions: Conditions, doors: Doors, response: Response
) -> CustomerAnswer:
    """Change a part of a customer by JSON merge patch: what is given replaces, null clears, the rest stays."""
    return await _recorded(doors, response, Order(body.asked(customer_id), conditions.check_stored))


@router.post("/customers/{customer_id}/archive")
async def archive_customer(
    customer_id: PathId, conditions: Conditions, doors: Doors, who: Who, response: Response
) -> CustomerAnswer:
    """Archive a customer: it stays in every count and takes facts, but is never mailed and raises no alert."""
    asked = AskedArchiving(customer_id, archived=True)
    return await _recorded(doors, response, Order(asked, conditions.check_stored, by=who.name))


@router.post("/customers/{customer_id}/unarchive")
async def unarchive_customer(
    customer_id: PathId, conditions: Conditions, doors: Doors, who: Who, response: Response
) -> CustomerAnswer:
    """Take a customer out of the archive."""
    asked = AskedArchiving(customer_id, archived=False)
    return await _recorded(doors, response, Order(asked, conditions.check_stored, by=who.name))


@router.get("/customers/{customer_id}")
async def get_customer(customer_id: PathId, doors: Doors, response: Response) -> CustomerAnswer:
    """A customer."""
    customer = await doors.read_customers.one(customer_id)
    response.headers["ETag"] = version_of(customer)
    return CustomerAnswer.of(customer)


@router.get("/customers")
async def list_customers(
    doors: Doors,
    after: After,
    name: Filter = None,
    email: Filter = None,
    document: Filter = None,
    archived: Annotated[bool | None, Query()] = None,
    limit: Limit = 50,
) -> Page[CustomerAnswer]:
    """Customers by name (beginnings of its words), e-mail address, document number or archive, in order of id."""
    found = await doors.read_customers.page(Wanted(name, email, document, archived), after, limit)
    return page_of(found, limit, lambda customer: (customer.customer_id,), CustomerAnswer.of)


async def _recorded(doors: UseCases, response: Response, order: Order) -> CustomerAnswer:
    recorded = await doors.record_facts.one(order)
    customer = recorded.account.owner
    tell_recorded(response, recorded, customer)
    return CustomerAnswer.of(customer)
