"""Subscriptions: what a customer gets again and again. Everything of one may change.

Their dates are free: a subscription may begin tomorrow. Source: meaning.md, rules 1, 15 and 16.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from services.customers.domain.asked_money import AskedMoney
from services.customers.domain.terms import Terms
from shared.basics.money import Money

Status = Literal["active", "paused", "cancelled"]


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """A subscription as it is.

    ``changed_on``: the business dates on which a body differing from the one before was received, the first left out.
    """

    customer_id: str
    subscription_id: str
    product: str
    status: Status
    started_on: date
    ended_on: date | None = None
    amount: Money | None = None
    interval: str | None = None
    changed_on: tuple[date, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AskedSubscription:
    """A subscription as a body asks for it."""

    customer_id: str
    subscription_id: str
    product: str
    status: Status
    started_on: date
    ended_on: date | None = None
    amount: AskedMoney | None = None
    interval: str | None = None


def subscribed(
    asked: AskedSubscription, stored: Subscription | None, currency: str, terms: Terms
) -> Subscription | None:
    """The subscription that a write leads to; None when it is there already, just so.

    An amount alone is in the currency it was in before, at first in ``currency``.

    Raises
    ------
    BadInput
        ``unknown_currency``.
    """
    wanted = _subscription_asked(asked, stored.amount.currency if stored and stored.amount else currency)
    if stored is not None and wanted == replace(stored, changed_on=()):
        return None
    if asked.amount is not None:
        asked.amount.check(terms, "/amount")
    return wanted if stored is None else replace(wanted, changed_on=_with(stored.changed_on, terms.today))


def _subscription_asked(asked: AskedSubscription, implied_currency: str) -> Subscription:
    return Subscription(
        customer_id=asked.customer_id,
        subscription_id=asked.subscription_id,
        product=asked.product,
        status=asked.status,
        started_on=asked.started_on,
        ended_on=asked.ended_on,
        amount=asked.amount.in_currency(implied_currency) if asked.amount else None,
        interval=asked.interval,
    )


def _with(days: tuple[date, ...], today: date) -> tuple[date, ...]:
    return days if today in days else (*days, today)
