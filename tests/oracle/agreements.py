"""Subscriptions, disputes and promises as of a day (meaning.md 15, 16, 17)."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from tests.oracle.facts import Dispute, Fact, Promise, Subscription


def active(facts: Sequence[Fact], as_of: date) -> list[Subscription]:
    """Subscriptions that are active on a day; their status is the one they have now."""
    latest = {fact.subscription_id: fact for fact in facts if isinstance(fact, Subscription)}
    return [one for one in latest.values() if one.status == "active" and _covers(one.started_on, one.ended_on, as_of)]


def activity(facts: Sequence[Fact], as_of: date) -> list[date]:
    """The days on which subscriptions began, ended, or were told otherwise."""
    told: dict[str, list[Subscription]] = {}
    for fact in facts:
        if isinstance(fact, Subscription):
            told.setdefault(fact.subscription_id, []).append(fact)
    days: list[date | None] = []
    for first, *later in told.values():
        latest = later[-1] if later else first
        days += [latest.started_on, latest.ended_on, *(change.told_on for change in later)]
    return [day for day in days if day is not None and day <= as_of]


def open_disputes(facts: Sequence[Fact], as_of: date) -> int:
    """How many disputes are open on a day."""
    latest = {fact.dispute_id: fact for fact in facts if isinstance(fact, Dispute)}
    return sum(1 for one in latest.values() if _covers(one.opened_on, one.closed_on, as_of))


def _covers(first: date, end: date | None, day: date) -> bool:
    return first <= day and (end is None or day < end)


def broken(
    facts: Sequence[Fact], paid: Iterable[tuple[str, date, Decimal]], as_of: date, holidays: frozenset[date]
) -> int:
    """How many promises were not kept; ``paid``: (currency, day, net amount) of each successful payment."""
    payments = list(paid)
    latest = {fact.promise_id: fact for fact in facts if isinstance(fact, Promise)}
    count = 0
    for promise in latest.values():
        last_day = _business_day_after(promise.due_on, holidays)
        if promise.cancelled or promise.made_on > as_of or as_of <= last_day:
            continue
        kept = sum(
            amount
            for currency, day, amount in payments
            if currency == promise.currency and promise.made_on <= day <= last_day
        )
        if kept < promise.amount * Decimal("0.95"):
            count += 1
    return count


def _business_day_after(day: date, holidays: frozenset[date]) -> date:
    following = day + timedelta(days=1)
    while following.weekday() >= 5 or following in holidays:
        following += timedelta(days=1)
    return following
