"""Payments in HTTP words: what a body may say, and how a payment is answered."""

from datetime import MAXYEAR, MINYEAR, date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from services.customers.domain.payment import AskedAllocation, AskedPayment, Payment
from services.customers.inbound.http.money_body import PaidMoney
from services.customers.inbound.http.text_fields import OptionalProse, OptionalText
from shared.basics.money import Money
from shared.http.answers import MoneyAnswer, instant_text
from shared.http.fields import Body, Id, Instant


def _has_a_date(moment: datetime) -> datetime:
    if moment.year in (MINYEAR, MAXYEAR):
        raise PydanticCustomError("out_of_range", "the first and the last year have instants without a business date")
    return moment


class AllocationBody(Body):
    """What a part of the payment is for; an amount alone is in the payment's currency."""

    invoice_id: Id
    amount: PaidMoney


class PaymentBody(Body):
    """A payment as a write gives it; an amount alone is in the customer's currency."""

    status: Literal["succeeded", "failed"]
    amount: PaidMoney
    occurred_at: Annotated[Instant, AfterValidator(_has_a_date)]
    method: OptionalText = None
    failure_reason: OptionalProse = None
    allocations: Annotated[list[AllocationBody], Field(max_length=500)] | None = None

    def asked(self, customer_id: str, payment_id: str) -> AskedPayment:
        """As decisions take it."""
        return AskedPayment(
            customer_id=customer_id,
            payment_id=payment_id,
            status=self.status,
            amount=self.amount.asked(),
            occurred_at=self.occurred_at,
            method=self.method,
            failure_reason=self.failure_reason,
            allocations=tuple(AskedAllocation(one.invoice_id, one.amount.asked()) for one in self.allocations or ()),
        )


class AllocationAnswer(BaseModel):
    """What the payer said a part of the payment is for."""

    invoice_id: Id
    amount: MoneyAnswer


class PaymentAnswer(BaseModel):
    """A payment as it is. ``occurred_on`` is its business date.

    ``unapplied`` is what no invoice has taken up, ``refunded`` what was given back.
    """

    customer_id: Id
    payment_id: Id
    status: Literal["succeeded", "failed"]
    amount: MoneyAnswer
    occurred_at: str
    occurred_on: date
    method: str | None
    failure_reason: str | None
    allocations: list[AllocationAnswer]
    unapplied: MoneyAnswer
    refunded: MoneyAnswer

    @classmethod
    def of(cls, payment: Payment, unapplied: Decimal, refunded: Decimal) -> "PaymentAnswer":
        """A payment as it is answered."""
        return cls(
            customer_id=payment.customer_id,
            payment_id=payment.payment_id,
            status=payment.status,
            amount=MoneyAnswer.of(payment.amount),
            occurred_at=instant_text(payment.occurred_at),
            occurred_on=payment.occurred_on,
            method=payment.method,
            failure_reason=payment.failure_reason,
            allocations=[
                AllocationAnswer(invoice_id=one.invoice_id, amount=MoneyAnswer.of(one.amount))
                for one in payment.allocations
            ],
            unapplied=MoneyAnswer.of(Money(unapplied, payment.amount.currency)),
            refunded=MoneyAnswer.of(Money(refunded, payment.amount.currency)),
        )
