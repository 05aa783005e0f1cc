"""A customer's profile over HTTP."""

from fastapi import APIRouter
from pydantic import BaseModel

from services.customers.domain.position import Position
from services.customers.inbound.http.customer_body import CustomerAnswer
from services.customers.inbound.http.dispute_body import DisputeAnswer
from services.customers.inbound.http.doors import Doors
from services.customers.inbound.http.invoice_body import InvoiceAnswer
from services.customers.inbound.http.payment_body import PaymentAnswer
from services.customers.inbound.http.promise_body import PromiseAnswer
from services.customers.inbound.http.subscription_body import SubscriptionAnswer
from shared.basics.money import Money
from shared.http.answers import MoneyAnswer
from shared.http.fields import PathId

router = APIRouter(tags=["customers"])


class BalancesAnswer(BaseModel):
    """What the customer owes and has in favour in one currency."""

    currency: str
    total_balance: MoneyAnswer
    overdue_balance: MoneyAnswer
    unapplied_credit: MoneyAnswer

    @classmethod
    def of(cls, position: Position) -> "BalancesAnswer":
        """A position as it is answered."""
        return cls(
            currency=position.currency,
            total_balance=MoneyAnswer.of(Money(position.total_balance, position.currency)),
            overdue_balance=MoneyAnswer.of(Money(position.overdue_balance, position.currency)),
            unapplied_credit=MoneyAnswer.of(Money(position.unapplied_credit, position.currency)),
        )


class ProfileAnswer(CustomerAnswer):
    """The customer, its balances per currency, open invoices (oldest due first), latest invoices and charges, and at
    most 100 each of its latest subscriptions, disputes and promises.
    """

    balances: list[BalancesAnswer]
    open_invoices: list[InvoiceAnswer]
    recent_invoices: list[InvoiceAnswer]
    recent_charges: list[PaymentAnswer]
    subscriptions: list[SubscriptionAnswer]
    disputes: list[DisputeAnswer]
    promises: list[PromiseAnswer]


@router.get("/customers/{customer_id}/profile")
async def get_profile(customer_id: PathId, doors: Doors) -> ProfileAnswer:
    """A customer with what it owes and how it pays."""
    profile = await doors.read_profile(customer_id)
    return ProfileAnswer(
        **dict(CustomerAnswer.of(profile.customer)),
        balances=[BalancesAnswer.of(position) for position in profile.positions],
        open_invoices=[InvoiceAnswer.of(one) for one in profile.open_invoices],
        recent_invoices=[InvoiceAnswer.of(one) for one in profile.recent_invoices],
        recent_charges=[
            PaymentAnswer.of(one.payment, one.credit.left, one.refunded) for one in profile.recent_payments
        ],
        subscriptions=[SubscriptionAnswer.of(one) for one in profile.subscriptions],
        disputes=[DisputeAnswer.of(one) for one in profile.disputes],
        promises=[PromiseAnswer.of(one) for one in profile.promises],
    )
