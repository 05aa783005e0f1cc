"""Variables are counted as the oracle counts them, over few customers at once, over many by the worker in ranges."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from services.segmenter.domain.observed import Observations, Observed, Range
from services.segmenter.domain.settings import Settings
from services.segmenter.storage.catalogue import load_catalogue
from services.segmenter.usecases.count_variables import OLD, CountVariables
from services.segmenter.usecases.observe_variables import observe_variables
from tests.oracle.accounts import account, an_invoice, failed
from tests.oracle.facts import Account, CreditNote, Dispute, Invoice, Money, Payment, Promise, Subscription
from tests.oracle.settings import Settings as OracleSettings
from tests.oracle.variables import at, value_of
from tests.services.segmenter.listener import Listener, SetClock
from tests.services.segmenter.random_portfolio import portfolio
from tests.services.segmenter.sender import noon
from tests.services.segmenter.verdicts import declare_variables, told

TODAY = date(2026, 3, 9)

_EVERYONE = {"archived", "days_since_registration", "contactability_problem", "is_new"}
_KINDS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("failed_payments", "successful_payments", "amount_paid", "lifetime_paid"), (Payment,)),
    **dict.fromkeys(("consecutive_failed_payments", "payments_per_month", "is_top"), (Payment,)),
    **dict.fromkeys(("total_balance", "overdue_balance", "highest_open_invoice", "invoices_issued"), (Invoice,)),
    **dict.fromkeys(("days_past_due", "aging_bucket"), (Invoice,)),
    "unapplied_credit": (Payment, CreditNote),
    "active_subscriptions": (Subscription,),
    "open_disputes": (Dispute,),
    "broken_promises": (Promise,),
    "is_recurring": (Payment, Subscription),
    "is_recent": (Payment, Invoice, Subscription),
    "risk_level": (Payment, Invoice, Promise),
}


def is_loaded(key: str, one: Account, value: Any) -> bool:
    if key in _EVERYONE:
        return True
    if key == "products":
        return any(fact.product for fact in one.facts if isinstance(fact, Invoice | Subscription))
    if key in _KINDS:
        return any(isinstance(fact, _KINDS[key]) for fact in one.facts)
    return value is not None


def expected(accounts: Iterable[Account], key: str) -> Observed:
    loaded = 0
    sizes: dict[str | None, list[Any]] = {}
    for one in accounts:
        value = value_of(at(one, TODAY, OracleSettings()), key)
        loaded += is_loaded(key, one, value)
        if isinstance(value, Money):
            sizes.setdefault(value.currency, []).append(value.amount)
        elif isinstance(value, int | Decimal | date) and not isinstance(value, bool):
            sizes.setdefault(None, []).append(value)
    ranges = [Range(min(of), max(of), currency) for currency, of in sorted(sizes.items(), key=str)]
    return Observed(loaded, tuple(ranges))


async def observed(segmenter: Listener, **given: Any) -> Observations:
    async with segmenter.database.transaction() as connection:
        variables = await load_catalogue(connection, Settings())
        now = segmenter.clock.now()
        return await observe_variables(connection, [*variables.values()], Settings(), TODAY, now, **given)


@dataclass(frozen=True)
class LaterClock:
    """The same day, later."""

    clock: SetClock
    by: timedelta

    def now(self) -> datetime:
        return self.clock.now() + self.by

    def today(self) -> date:
        return self.clock.today()


async def counts(segmenter: Listener, *, after: timedelta = timedelta(0), **given: Any) -> None:
    while await CountVariables(segmenter.database, LaterClock(segmenter.clock, after), **given).step():
        pass


async def test_all_variables_are_counted_as_the_oracle_counts_them(segmenter: Listener) -> None:
    accounts = portfolio(Random(5), TODAY, size=60)
    await declare_variables(segmenter)
    await told(segmenter, *accounts)
    await segmenter.turns_day(TODAY)
    at_once = await observed(segmenter)
    assert at_once.of == 60
    assert {key: (key, found) for key, found in at_once.variables.items()} == {
        key: (key, expected(accounts, key)) for key in at_once.variables
    }
    assert len(at_once.variables) == 44 + 6

    await counts(segmenter, range_size=7)
    assert await observed(segmenter, few=10) == at_once


async def test_nobody_is_counted_where_nobody_is(segmenter: Listener) -> None:
    found = await observed(segmenter)
    assert (found.of, found.variables["total_balance"]) == (0, Observed())


async def test_of_many_the_last_count_is_told_and_a_newer_one_asked_for(segmenter: Listener) -> None:
    await told(segmenter, account(failed(on=TODAY), customer_id="ana"))
    assert await observed(segmenter, few=0) == Observations(0, None, {})
    await segmenter.turns_day(TODAY)
    await counts(segmenter)
    first = await observed(segmenter, few=0)
    assert (first.of, first.counted_at) == (1, noon(TODAY))

    await told(segmenter, account(an_invoice(issued_on=TODAY), customer_id="eva"))
    await counts(segmenter)
    assert await observed(segmenter, few=0) == first

    await counts(segmenter, after=OLD)
    later = await observed(segmenter, few=0)
    assert (later.of, later.variables["total_balance"].loaded) == (2, 1)


async def test_each_day_is_counted_anew(segmenter: Listener) -> None:
    await told(segmenter, account(customer_id="ana"))
    await segmenter.turns_day(TODAY)
    await counts(segmenter)
    await segmenter.turns_day(TODAY + timedelta(days=1))
    await counts(segmenter)
    found = await observed(segmenter, few=0)
    assert found.counted_at == noon(TODAY + timedelta(days=1))


async def test_a_count_goes_on_where_a_worker_stopped(segmenter: Listener) -> None:
    await told(segmenter, *[account(customer_id=f"c-{number}") for number in range(5)])
    await segmenter.turns_day(TODAY)
    assert await CountVariables(segmenter.database, segmenter.clock, range_size=2).step()
    assert (await observed(segmenter, few=0)).counted_at is None
    await counts(segmenter, range_size=2)
    assert (await observed(segmenter, few=0)).of == 5
