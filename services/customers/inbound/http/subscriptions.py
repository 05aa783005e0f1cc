"""Subscriptions of a customer over HTTP."""

from fastapi import APIRouter, Response

from services.customers.inbound.http.doors import Doors
from services.customers.inbound.http.preconditions import Conditions, version_of
from services.customers.inbound.http.subscription_body import SubscriptionAnswer, SubscriptionBody
from services.customers.inbound.http.writing import created, tell_recorded
from services.customers.usecases.record_facts import Order
from shared.http.fields import PathId
from shared.http.pages import After, Limit, Page, page_of

router = APIRouter(tags=["subscriptions"], prefix="/customers/{customer_id}/subscriptions")


@router.put("/{subscription_id}", responses=created(SubscriptionAnswer))
async def put_subscription(
    customer_id: PathId,
    subscription_id: PathId,
    body: SubscriptionBody,
    conditions: Conditions,
    doors: Doors,
    response: Response,
) -> SubscriptionAnswer:
    """Enter a subscription, or replace what is known of one."""
    recorded = await doors.record_facts.one(Order(body.asked(customer_id, subscription_id), conditions.check_stored))
    subscription = recorded.account.subscriptions[subscription_id]
    tell_recorded(response, recorded, subscription)
    return SubscriptionAnswer.of(subscription)


@router.get("/{subscription_id}")
async def get_subscription(
    customer_id: PathId, subscription_id: PathId, doors: Doors, response: Response
) -> SubscriptionAnswer:
    """A subscription."""
    subscription = await doors.read_subscriptions.one(customer_id, subscription_id)
    response.headers["ETag"] = version_of(subscription)
    return SubscriptionAnswer.of(subscription)


@router.get("")
async def list_subscriptions(
    customer_id: PathId, doors: Doors, after: After, limit: Limit = 50
) -> Page[SubscriptionAnswer]:
    """A customer's subscriptions in order of id."""
    found = await doors.read_subscriptions.page(customer_id, after, limit)
    return page_of(found, limit, lambda subscription: (subscription.subscription_id,), SubscriptionAnswer.of)
