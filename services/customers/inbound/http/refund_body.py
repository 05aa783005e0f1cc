"""Refunds in HTTP words: what a body may say, and how a refund is answered."""

from datetime import date

from pydantic import BaseModel

from services.customers.domain.refund import AskedRefund, Refund
from services.customers.inbound.http.money_body import PaidMoney
from services.customers.inbound.http.text_fields import OptionalProse
from shared.http.answers import MoneyAnswer
from shared.http.fields import Body, Id, IsoDate


class RefundBody(Body):
    """A refund as a write gives it; an amount alone is in the payment's currency.

    Without ``amount`` all that is left of the payment is given back, without ``refunded_on`` today.
    """

    amount: PaidMoney | None = None
    refunded_on: IsoDate | None = None
    reason: OptionalProse = None

    def asked(self, customer_id: str, payment_id: str, refund_id: str) -> AskedRefund:
        """As decisions take it."""
        return AskedRefund(
            customer_id=customer_id,
            payment_id=payment_id,
            refund_id=refund_id,
            amount=self.amount.asked() if self.amount else None,
            refunded_on=self.refunded_on,
            reason=self.reason,
        )


class RefundAnswer(BaseModel):
    """A refund as it is."""

    customer_id: Id
    payment_id: Id
    refund_id: Id
    amount: MoneyAnswer
    refunded_on: date
    reason: str | None

    @classmethod
    def of(cls, refund: Refund) -> "RefundAnswer":
        """A refund as it is answered."""
        return cls(
            customer_id=refund.customer_id,
            payment_id=refund.payment_id,
            refund_id=refund.refund_id,
            amount=MoneyAnswer.of(refund.amount),
            refunded_on=refund.refunded_on,
            reason=refund.reason,
        )
