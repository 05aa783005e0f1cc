"""Real input: what really happened, loaded as it happened, and every customer where a recompute puts it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from tests.journeys.cascada import Cascada
from tests.journeys.conftest import StartCascada
from tests.journeys.publishing import publish, published_settings
from tests.journeys.real_sets import EDGERED, IBM, edgered_accounts, ibm_accounts
from tests.journeys.wire import customer_body, fact_line
from tests.oracle.cascade import Segment, segment_of
from tests.oracle.cutoffs import top_cutoffs
from tests.oracle.facts import Account, Fact, Money, dated
from tests.oracle.settings import Settings
from tests.oracle.variables import all_variables, at
from tests.support.eventually import eventually


def _if(variable: str, operator: str, value: Any = None, **more: Any) -> dict[str, Any]:
    return {"variable": variable, "operator": operator, "value": value, **more}


def _usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


PAPER = _if("client_type", "eq", "paper")
INVOICES = [
    Segment("mora", "En mora", _if("overdue_balance", "gte", _usd("60"))),
    Segment("papel", "Papel con deuda", {"all": [PAPER, _if("total_balance", "gt", _usd("0"))]}),
    Segment("nuevos", "Nuevos", _if("days_since_registration", "lt", 60)),
    Segment("dormidos", "Dormidos", _if("last_payment_on", "not_within_last_days", 45)),
    Segment("crecen", "Crecen", _if("invoices_issued", "gte", 4, within_days=90)),
    Segment("pagan", "Pagan", _if("amount_paid", "between", [_usd("100"), _usd("250")], within_days=120)),
    Segment("mejores", "Mejores", _if("is_top", "eq", True)),
]
ATTEMPTS = [
    Segment("fallidos", "Pagos fallidos", _if("failed_payments", "gte", 2, within_days=90)),
    Segment("racha", "En racha de fallos", _if("consecutive_failed_payments", "gte", 1)),
    Segment("inactivos", "Inactivos", _if("last_payment_on", "not_within_last_days", 30)),
    Segment("personas", "Personas", _if("customer_type", "eq", "person")),
    Segment("frecuentes", "Frecuentes", _if("payments_per_month", "gte", 2.5)),
    Segment("fieles", "Fieles", {"all": [_if("is_recurring", "eq", True), {"not": _if("is_new", "eq", True)}]}),
    Segment("mejores", "Mejores", _if("is_top", "eq", True)),
]


@pytest.fixture(scope="module")
async def cascada(start_cascada: StartCascada) -> Cascada:
    return await start_cascada(clock="2012-06-30T11:00:00-05:00", CURRENCIES="COP,USD,AUD")


@pytest.mark.skipif(not IBM.exists(), reason="the real set ibm-ar is not here")
async def test_invoices_as_of_several_dates(cascada: Cascada) -> None:
    accounts = ibm_accounts()
    days = ["2012-06-30", "2012-12-31", "2013-04-15", "2013-06-30", "2013-12-10", "2014-01-05", "2014-02-01"]
    await _journey(cascada, accounts, INVOICES, [date.fromisoformat(day) for day in days])


@pytest.mark.skipif(not EDGERED.exists(), reason="the real set edgered-payments is not here")
async def test_payments_and_failures_as_they_happened(cascada: Cascada) -> None:
    accounts = edgered_accounts()
    days = ["2017-12-31", "2018-03-31", "2018-05-31", "2018-06-30", "2018-07-24", "2018-08-10", "2018-08-30"]
    await _journey(cascada, accounts, ATTEMPTS, [date.fromisoformat(day) for day in days])


async def _journey(cascada: Cascada, accounts: list[Account], cascade: list[Segment], days: list[date]) -> None:
    """Load the years before the first day as history, then live on; on each day everyone must be in its place."""
    for before, day in zip([None, *days], days, strict=False):
        await cascada.go_to(f"{day}T23:00:00-05:00")
        lines = list(_happened(accounts, before, day))
        await cascada.load_lines(lines, history=before is None)
        if before is None:
            await cascada.caught_up()
            await publish(cascada, cascade)
        settings = await published_settings(cascada)
        known = [account for account in accounts if dated(account.facts[0]) <= day]
        if before is None:
            cutoffs = top_cutoffs(known, day, Settings())
            assert {currency: settings.top_cutoffs.get(currency) for currency in cutoffs} == cutoffs
        expected = {one.customer.customer_id: segment_of(at(one, day, settings), cascade) for one in known}
        await eventually(partial(_stand_as, cascada, expected), within=30)
        await cascada.caught_up()
        assert await _stand_as(cascada, expected)
        assert len(set(expected.values())) >= 2
    await _variables_as_recomputed(cascada, accounts, days[-1])


def _happened(accounts: list[Account], after: date | None, until: date) -> Iterator[dict[str, Any]]:
    """What became known between two days: customers with their first fact, facts by their own date."""
    facts: list[tuple[date, str, Fact]] = []
    for one in accounts:
        customer = one.customer
        if (after is None or customer.registered_on > after) and customer.registered_on <= until:
            yield {"kind": "customer", "customer_id": customer.customer_id, **customer_body(customer)}
        facts.extend((dated(fact), customer.customer_id, fact) for fact in one.facts)
    for day, customer_id, fact in sorted(facts, key=lambda known: known[0]):
        if (after is None or day > after) and day <= until:
            yield fact_line(customer_id, fact)


async def _stand_as(cascada: Cascada, expected: dict[str, str]) -> bool:
    segments = await cascada.segments()
    wrong = {one: segments.get(one) for one, segment in expected.items() if segments.get(one) != segment}
    assert not wrong, f"{len(wrong)} of {len(expected)} customers stand elsewhere"
    return True


async def _variables_as_recomputed(cascada: Cascada, accounts: list[Account], day: date) -> None:
    """Every variable that a standing shows equals the oracle's, for every customer."""
    settings = await published_settings(cascada)
    standings = await cascada.standings(one.customer.customer_id for one in accounts)
    for one, standing in zip(accounts, standings, strict=True):
        for key, value in all_variables(at(one, day, settings)).items():
            assert _comparable(standing["variables"][key]) == _comparable(value), f"{key} of one customer"


def _comparable(value: Any) -> Any:
    """Values as they are meant, however they are spelled."""
    if isinstance(value, Money):
        return (value.amount, value.currency)
    if isinstance(value, dict):
        return (Decimal(value["amount"]), value["currency"])
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return Decimal(str(value))
    return value
