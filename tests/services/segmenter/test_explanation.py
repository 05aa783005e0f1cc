"""Why a customer is where it is, on any day, and when that changes: held against an evaluator that shares no code."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from services.segmenter.domain.settings import Settings
from services.segmenter.domain.variables import catalogue
from shared.database.engine import Database
from tests.oracle.cascade import Segment, segment_of
from tests.oracle.cutoffs import top_cutoffs
from tests.oracle.facts import Account, Dispute, Fact, Subscription, dated
from tests.oracle.facts import Money as OracleMoney
from tests.oracle.rules import Rule, verdict
from tests.oracle.settings import Settings as OracleSettings
from tests.oracle.variables import at, value_of
from tests.services.segmenter.house import House, open_house, problem
from tests.services.segmenter.listener import SetClock
from tests.services.segmenter.random_portfolio import portfolio
from tests.services.segmenter.rules.language import CUSTOM
from tests.services.segmenter.rules.random_rules import random_rule
from tests.services.segmenter.verdicts import declare_variables, told

TODAY = date(2026, 3, 9)
ACCOUNTS = portfolio(Random(1994), TODAY, size=30)
TOLD = OracleSettings(top_cutoffs=top_cutoffs(ACCOUNTS, TODAY, OracleSettings()))
SEGMENTABLE = {key: one for key, one in catalogue(CUSTOM, Settings().buckets).items() if not one.is_aging}
DECIDING: tuple[Rule, ...] = (
    {"variable": "open_disputes", "operator": "gt", "value": 1},
    {"variable": "is_recent", "operator": "eq", "value": True},
    {"variable": "days_since_registration", "operator": "between", "value": [40, 300]},
    {"not": {"variable": "last_activity_on", "operator": "within_last_days", "value": 90}},
    {"variable": "failed_payments", "operator": "gt", "value": 0, "within_days": 60},
    {"variable": "overdue_balance", "operator": "gt", "value": {"amount": "10", "currency": "COP"}},
    {"variable": "risk_level", "operator": "in", "value": ["high", "medium"]},
)


def made_up(seed: int) -> Rule:
    """Anything, or in use: what decides stands beside it."""
    return {
        "any": [
            random_rule(Random(seed), SEGMENTABLE, TODAY),
            {"variable": "archived", "operator": "eq", "value": False},
        ]
    }


CASCADE = [Segment(f"s-{n}", f"S {n}", {"all": [made_up(n), rule]}) for n, rule in enumerate(DECIDING)]


DRAFTED = [{"segment_id": s.segment_id, "name": s.name, "rule": s.rule, "flow_id": None} for s in CASCADE]


@pytest.fixture(scope="module")
async def house(module_database: Database) -> Any:
    async with open_house(module_database, SetClock(TODAY)) as opened:
        await declare_variables(opened.segmenter)
        await told(opened.segmenter, *ACCOUNTS)
        await opened.drafts(*DRAFTED)
        await opened.refreshes()
        yield opened


@pytest.mark.parametrize("ahead", [-300, -61, -1, 0, 1, 30, 400])
async def test_every_node_says_what_the_oracle_says(house: House, ahead: int) -> None:
    as_of = TODAY + timedelta(days=ahead)
    stored = [segment["rule"] for segment in (await house.get("/cascade"))["segments"]]
    for account in ACCOUNTS:
        moment = at(account, as_of, TOLD)
        found = await house.get(f"/standings/{account.customer.customer_id}/explanation", as_of=as_of.isoformat())
        assert found["segment"] == segment_of(moment, CASCADE), account.customer.customer_id
        rules = [segment["rule"] for segment in found["segments"][:-1]]
        assert [stripped(rule) for rule in rules] == stored[:-1]
        for rule in rules:
            for node in nodes(rule):
                assert node["verdict"] is verdict(stripped(node), moment), node
                if "variable" in node:
                    assert same(node["actual"], value_of(moment, node["variable"], node.get("within_days"))), node


async def test_the_cascade_is_seen_to_decide(house: House) -> None:
    """Else the comparisons of this module would show little."""
    found = {await segment_on(house, account, TODAY) for account in ACCOUNTS}
    assert len(found) > 3


async def test_outcomes_follow_from_verdicts(house: House) -> None:
    for account in ACCOUNTS:
        found = await house.get(f"/standings/{account.customer.customer_id}/explanation")
        outcomes = [(one["outcome"], one["verdict"]) for one in found["segments"]]
        first = next(index for index, (_, holds) in enumerate(outcomes) if holds)
        assert all(outcome == "passed_over" for outcome, _ in outcomes[:first])
        assert outcomes[first] == ("matched", True)
        assert all((outcome == "would_also_match") == (holds is True) for outcome, holds in outcomes[first + 1 :])
        assert found["segments"][-1]["rule"] is None
        assert [one["position"] for one in found["segments"]] == list(range(1, len(CASCADE) + 2))


@pytest.mark.parametrize("ahead", [-90, 0, 200])
async def test_the_next_change_is_the_first_day_with_another_segment(house: House, ahead: int) -> None:
    as_of = TODAY + timedelta(days=ahead)
    changes = 0
    for account in ACCOUNTS[:12]:
        name = account.customer.customer_id
        known = known_on(account, min(as_of, TODAY))
        expected = next(changes_of(known, as_of, 400), None)
        found = await house.get(f"/standings/{name}/explanation", as_of=as_of.isoformat())
        assert found["next_change"] == (expected and {"on": expected["on"], "to": expected["to"]}), name
        changes += expected is not None
    assert changes > 2


async def test_the_forecast_is_every_change_and_the_standing_tells_the_first(house: House) -> None:
    for account in ACCOUNTS[:12]:
        name = account.customer.customer_id
        expected = list(changes_of(account, TODAY, 400))
        assert (await house.get(f"/standings/{name}/forecast", days=400))["items"] == expected
        assert (await house.get(f"/standings/{name}"))["next_change_on"] == (expected[0]["on"] if expected else None)
        soon = [one for one in expected if one["on"] <= (TODAY + timedelta(days=30)).isoformat()]
        assert (await house.get(f"/standings/{name}/forecast", days=30))["items"] == soon


async def test_any_past_day_can_be_asked_about(house: House) -> None:
    """As of a day before everything nothing had happened yet."""
    found = await house.get(f"/standings/{ACCOUNTS[0].customer.customer_id}/explanation", as_of="0001-01-02")
    assert (found["as_of"], found["segments"][-1]["verdict"]) == ("0001-01-02", True)


async def test_days_too_far_off_are_refused(house: House) -> None:
    path = f"/v1/standings/{ACCOUNTS[0].customer.customer_id}"
    too_far = await house.http.get(f"{path}/explanation", params={"as_of": str(TODAY + timedelta(days=401))})
    too_early = await house.http.get(f"{path}/explanation", params={"as_of": "0001-01-01"})
    for answer in (too_early, too_far, await house.http.get(f"{path}/forecast", params={"days": 401})):
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "out_of_range")


async def test_nobody_is_explained_who_is_not_known(house: House) -> None:
    for question in ("explanation", "history", "forecast"):
        assert problem(await house.call("GET", f"/standings/nadie/{question}")) == (404, "unknown_customer")


def known_on(account: Account, day: date) -> Account:
    """The account without what happened after a day; what is said of subscriptions is what is known now."""
    facts: list[Fact] = []
    latest = {fact.subscription_id: fact for fact in account.facts if isinstance(fact, Subscription)}
    for fact in account.facts:
        if isinstance(fact, Dispute) and fact.opened_on <= day:
            is_closed = fact.closed_on is not None and fact.closed_on <= day
            facts.append(fact if is_closed else replace(fact, closed_on=None))
        elif isinstance(fact, Subscription):
            is_first = all(getattr(one, "subscription_id", None) != fact.subscription_id for one in facts)
            if is_first or fact.told_on <= day:
                facts.append(replace(latest[fact.subscription_id], told_on=fact.told_on))
        elif dated(fact) <= day:
            facts.append(fact)
    return Account(account.customer, facts)


async def segment_on(house: House, account: Account, day: date) -> str:
    path = f"/standings/{account.customer.customer_id}/explanation"
    return str((await house.get(path, as_of=day.isoformat()))["segment"])


def changes_of(account: Account, as_of: date, days: int) -> Iterator[dict[str, str]]:
    """Every change after a day, if nothing happens but what the account knows."""
    before = segment_of(at(account, as_of, TOLD), CASCADE)
    for ahead in range(1, days + 1):
        day = as_of + timedelta(days=ahead)
        now = segment_of(at(account, day, TOLD), CASCADE)
        if now != before:
            yield {"on": day.isoformat(), "from": before, "to": now}
        before = now


def nodes(rule: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield rule
    for part in [*rule.get("all", ()), *rule.get("any", ()), *([rule["not"]] if "not" in rule else ())]:
        yield from nodes(part)


def stripped(rule: dict[str, Any]) -> dict[str, Any]:
    """The rule without what was found for this customer."""
    kept = {key: value for key, value in rule.items() if key not in ("verdict", "actual")}
    for group in ("all", "any"):
        if group in kept:
            kept[group] = [stripped(part) for part in kept[group]]
    return {"not": stripped(kept["not"])} if "not" in kept else kept


def same(told: Any, value: Any) -> bool:
    """Whether an answer's value is the oracle's."""
    match value:
        case OracleMoney():
            return bool(float(told["amount"]) == float(value.amount) and told["currency"] == value.currency)
        case date():
            return bool(told == value.isoformat())
        case None | str() | bool() | list():
            return bool(told == value)
        case _:
            return float(told) == float(value)
