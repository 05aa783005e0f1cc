"""Promises: what a customer said it would pay by when. A promise may be cancelled and reinstated, nothing else.

Source: contract.md, *HTTP conventions*; meaning.md, rules 1 and 17.
"""

from dataclasses import dataclass, replace
from datetime import date

from services.customers.domain.asked_money import AskedMoney
from services.customers.domain.terms import Terms
from shared.basics.errors import Conflict
from shared.basics.money import Money


@dataclass(frozen=True, kw_only=True)
class Promise:
    """A promise as it is."""

    customer_id: str
    promise_id: str
    amount: Money
    made_on: date
    due_on: date
    cancelled: bool = False


@dataclass(frozen=True, kw_only=True)
class AskedPromise:
    """A promise as a body asks for it."""

    customer_id: str
    promise_id: str
    amount: AskedMoney
    made_on: date
    due_on: date
    cancelled: bool = False


def promised(asked: AskedPromise, stored: Promise | None, currency: str, terms: Terms) -> Promise | None:
    """The promise that a write leads to; None when it is there already, just so.

    An amount alone is in the currency it was in before, at first in ``currency``.

    Raises
    ------
    Conflict
        More than ``cancelled`` would change.
    BadInput
        ``unknown_currency`` or ``date_in_future``.
    """
    wanted = Promise(
        customer_id=asked.customer_id,
        promise_id=asked.promise_id,
        amount=asked.amount.in_currency(stored.amount.currency if stored else currency),
        made_on=asked.made_on,
        due_on=asked.due_on,
        cancelled=asked.cancelled,
    )
    if wanted == stored:
        return None
    if stored is not None and replace(wanted, cancelled=stored.cancelled) != stored:
        raise Conflict("conflict", f"promise {stored.promise_id} is there with another body; it can only be cancelled")
    asked.amount.check(terms, "/amount")
    terms.check_day(asked.made_on, "/made_on")
    return wanted
