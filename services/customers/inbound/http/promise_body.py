"""Promises in HTTP words."""

from datetime import date

from pydantic import BaseModel

from services.customers.domain.promise import AskedPromise, Promise
from services.customers.inbound.http.money_body import PaidMoney
from shared.http.answers import MoneyAnswer
from shared.http.fields import Body, Id, IsoDate


class PromiseBody(Body):
    """A promise as a write gives it; an amount alone is in the customer's currency. Left out, it is not cancelled."""

    amount: PaidMoney
    made_on: IsoDate
    due_on: IsoDate
    cancelled: bool | None = None

    def asked(self, customer_id: str, promise_id: str) -> AskedPromise:
        """As decisions take it."""
        return AskedPromise(
            customer_id=customer_id,
            promise_id=promise_id,
            amount=self.amount.asked(),
            made_on=self.made_on,
            due_on=self.due_on,
            cancelled=bool(self.cancelled),
        )


class PromiseAnswer(BaseModel):
    """A promise as it is."""

    customer_id: Id
    promise_id: Id
    amount: MoneyAnswer
    made_on: date
    due_on: date
    cancelled: bool

    @classmethod
    def of(cls, promise: Promise) -> "PromiseAnswer":
        """A promise as it is answered."""
        return cls(
            customer_id=promise.customer_id,
            promise_id=promise.promise_id,
            amount=MoneyAnswer.of(promise.amount),
            made_on=promise.made_on,
            due_on=promise.due_on,
            cancelled=promise.cancelled,
        )
