"""SQL and an independent plain-Python evaluator give the same variables and the same verdicts, whoever is judged."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from services.segmenter.domain.settings import Contactability, HighRisk, LowRisk, QuickFilters, Risk, Score, Settings
from services.segmenter.domain.variables import catalogue
from services.segmenter.storage.settings_json import settings_json, settings_of
from services.segmenter.storage.top_cutoffs import count_amounts, fix_top_cutoffs, forget_amounts, with_top_cutoffs
from shared.basics.money import Money
from shared.database.engine import Database
from tests.oracle import settings as oracle
from tests.oracle.cutoffs import top_cutoffs
from tests.oracle.rules import verdict
from tests.oracle.variables import Moment, all_variables, at, value_of
from tests.services.segmenter.edge_portfolio import edge_portfolio
from tests.services.segmenter.listener import Listener, SetClock
from tests.services.segmenter.random_portfolio import portfolio
from tests.services.segmenter.rules.language import CUSTOM
from tests.services.segmenter.rules.random_rules import random_rule
from tests.services.segmenter.verdicts import DECLARED, declare_variables, told, values, verdicts

TODAY = date(2026, 3, 9)
ACCOUNTS = [*portfolio(Random(2026), TODAY, size=120), *edge_portfolio(TODAY)]
QUICK = QuickFilters(
    top_percentile=55, top_days=180, new_days=60, recent_days=7, recurring_months=4, recurring_at_least=2
)
CONTACT = Contactability(("noreply", "test"), ("prueba.com",))
CUTOFFS = {"COP": Decimal("150.25"), "USD": Decimal(100)}
HOLIDAYS = (date(2026, 1, 12), date(2026, 3, 6), date(2025, 12, 8))
RISK = Risk(
    grace_days=3,
    high=HighRisk(300, Decimal("80.5"), 3, Decimal("0.25")),
    low=LowRisk(Decimal(25), Decimal("0.35"), overdue=True, broken_promises=1),
)
SETTINGS = Settings((15, 45, 89), QUICK, CONTACT, CUTOFFS, RISK, HOLIDAYS)
BY_SCORE = {
    "risk_score": replace(SETTINGS, risk=replace(RISK, score=Score(high_below=Decimal(400), low_from=Decimal(700)))),
    "estrato": replace(SETTINGS, risk=replace(RISK, score=Score("estrato", Decimal(2), Decimal("2.5")))),
}
VARIABLES = catalogue(CUSTOM, SETTINGS.buckets)
TOLD = oracle.Settings(
    aging_edges=(15, 45, 89),
    top_percentile=55,
    top_days=180,
    new_days=60,
    recent_days=7,
    recurring_months=4,
    recurring_at_least=2,
    top_cutoffs=CUTOFFS,
    placeholder_local_parts=frozenset(CONTACT.local_parts),
    placeholder_domains=frozenset(CONTACT.domains),
    risk=oracle.Risk(
        grace_days=3,
        high_days_past_due_over=300,
        high_average_days_late_over=Decimal("80.5"),
        high_broken_promises_from=3,
        high_on_time_ratio_under=Decimal("0.25"),
        low_average_days_late_up_to=Decimal(25),
        low_on_time_ratio_from=Decimal("0.35"),
        low_overdue=True,
        low_broken_promises=1,
    ),
    holidays=frozenset(HOLIDAYS),
)
TOLD_BY_SCORE = {
    "risk_score": replace(TOLD, risk=replace(TOLD.risk, score=oracle.Score())),
    "estrato": replace(TOLD, risk=replace(TOLD.risk, score=oracle.Score("estrato", Decimal(2), Decimal("2.5")))),
}


@pytest.fixture(scope="module")
async def segmenter(module_database: Database) -> Listener:
    found = Listener(module_database, SetClock(TODAY))
    await declare_variables(found)
    await told(found, *ACCOUNTS)
    return found


@pytest.fixture(scope="module")
def moments() -> Mapping[str, Moment]:
    return {account.customer.customer_id: at(account, TODAY, TOLD) for account in ACCOUNTS}


async def test_every_variable_of_every_customer(segmenter: Listener, moments: Mapping[str, Moment]) -> None:
    for customer_id, moment in moments.items():
        found = await values(segmenter, customer_id, SETTINGS)
        expected = {**dict.fromkeys(DECLARED), **all_variables(moment)}
        assert found == {key: _as_found(value) for key, value in expected.items()}, customer_id


def test_the_portfolio_has_every_risk_level_and_more_than_missing_ratios(moments: Mapping[str, Moment]) -> None:
    found = [all_variables(moment) for moment in moments.values()]
    assert {values["risk_level"] for values in found} == {"low", "medium", "high", "unknown"}
    for key in ("on_time_ratio", "average_days_late", "broken_promises", "open_disputes", "active_subscriptions"):
        assert len({values[key] for values in found}) > 2, key


@pytest.mark.parametrize("variable", BY_SCORE)
async def test_a_risk_read_from_a_score(segmenter: Listener, variable: str) -> None:
    for account in ACCOUNTS:
        found = await values(segmenter, account.customer.customer_id, BY_SCORE[variable])
        expected = value_of(at(account, TODAY, TOLD_BY_SCORE[variable]), "risk_level")
        assert found["risk_level"] == expected, account.customer.customer_id


@pytest.mark.parametrize("seed", range(150))
async def test_a_rule_made_up_at_random(segmenter: Listener, moments: Mapping[str, Moment], seed: int) -> None:
    rule = random_rule(Random(seed), VARIABLES, TODAY)
    found = await verdicts(segmenter, rule, SETTINGS)
    assert found == {customer_id: verdict(rule, moment) for customer_id, moment in moments.items()}


@pytest.mark.parametrize("percentile", [1, 7, 55, 80, 100])
async def test_the_cutoffs_of_top(segmenter: Listener, percentile: int) -> None:
    wanted = replace(SETTINGS, quick_filters=replace(QUICK, top_percentile=percentile, top_days=365))
    async with segmenter.database.transaction() as connection:
        found = await with_top_cutoffs(connection, wanted, TODAY)
    expected = top_cutoffs(ACCOUNTS, TODAY, replace(TOLD, top_percentile=percentile, top_days=365))
    assert found.top_cutoffs == expected


@pytest.mark.parametrize("percentile", [1, 55, 100])
async def test_the_cutoffs_of_top_counted_range_after_range(segmenter: Listener, percentile: int) -> None:
    asked = settings_json(replace(SETTINGS, quick_filters=replace(QUICK, top_percentile=percentile, top_days=365)))
    upto: str | None = ""
    async with segmenter.database.transaction() as connection:
        assert await forget_amounts(connection, 1000)
        while upto is not None:
            upto = await count_amounts(connection, asked, TODAY, after=upto, limit=7)
        found = settings_of(await fix_top_cutoffs(connection, asked))
    expected = top_cutoffs(ACCOUNTS, TODAY, replace(TOLD, top_percentile=percentile, top_days=365))
    assert found.top_cutoffs == expected


def _as_found(value: Any) -> Any:
    return Money(*value) if isinstance(value, tuple) else value
