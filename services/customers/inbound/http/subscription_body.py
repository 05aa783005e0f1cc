"""Subscriptions in HTTP words."""

from datetime import date
from typing import Literal

from pydantic import BaseModel

from services.customers.domain.subscription import AskedSubscription, Subscription
from services.customers.inbound.http.money_body import OwedMoney
from services.customers.inbound.http.text_fields import OptionalText
from shared.http.answers import MoneyAnswer
from shared.http.fields import Body, Id, IsoDate, ShortText


class SubscriptionBody(Body):
    """A subscription as a write gives it; its dates are free, an amount alone is in the customer's currency."""

    product: ShortText
    status: Literal["active", "paused", "cancelled"]
    started_on: IsoDate
    ended_on: IsoDate | None = None
    amount: OwedMoney | None = None
    interval: OptionalText = None

    def asked(self, customer_id: str, subscription_id: str) -> AskedSubscription:
        """As decisions take it."""
        return AskedSubscription(
            customer_id=customer_id,
            subscription_id=subscription_id,
            product=self.product,
            status=self.status,
            started_on=self.started_on,
            ended_on=self.ended_on,
            amount=self.amount.asked() if self.amount else None,
            interval=self.interval,
        )


class SubscriptionAnswer(BaseModel):
    """A subscription as it is. ``changed_on``: the business dates on which a differing body was received."""

    customer_id: Id
    subscription_id: Id
    product: str
    status: Literal["active", "paused", "cancelled"]
    started_on: date
    ended_on: date | None
    amount: MoneyAnswer | None
    interval: str | None
    changed_on: list[date]

    @classmethod
    def of(cls, subscription: Subscription) -> "SubscriptionAnswer":
        """A subscription as it is answered."""
        return cls(
            customer_id=subscription.customer_id,
            subscription_id=subscription.subscription_id,
            product=subscription.product,
            status=subscription.status,
            started_on=subscription.started_on,
            ended_on=subscription.ended_on,
            amount=MoneyAnswer.of(subscription.amount) if subscription.amount else None,
            interval=subscription.interval,
            changed_on=list(subscription.changed_on),
        )
