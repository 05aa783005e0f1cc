"""Filters over customers: quick and advanced, in any order, page by page or as a file."""

import csv
import io
import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from shared.database.engine import Database
from shared.http.pages import encode_cursor
from tests.oracle.accounts import account, paid
from tests.oracle.cutoffs import top_cutoffs
from tests.oracle.facts import Account
from tests.oracle.rules import verdict
from tests.oracle.settings import Settings
from tests.oracle.variables import at, value_of
from tests.services.segmenter.house import House, mistakes, open_house
from tests.services.segmenter.listener import SetClock
from tests.services.segmenter.random_portfolio import portfolio
from tests.services.segmenter.rules.language import Rule, pesos, where
from tests.services.segmenter.verdicts import declare_variables, told

TODAY = date(2026, 3, 9)
FORMULAS = [account(customer_id="-uno", name="=1+1"), account(customer_id="z-dos", name='@x, "y"')]
ACCOUNTS = [*portfolio(Random(11), TODAY, size=70), account(paid("900", on=TODAY), customer_id="z-rica"), *FORMULAS]
OWING = where("total_balance", "gt", pesos("50"))
OVERDUE = where("days_past_due", "gte", 30)


@pytest.fixture(scope="module")
async def house(module_database: Database) -> AsyncIterator[House]:
    """A portfolio, and a refresh that fixed the cutoffs of *top*."""
    async with open_house(module_database, SetClock(TODAY)) as opened:
        await declare_variables(opened.segmenter)
        await told(opened.segmenter, *ACCOUNTS)
        await opened.segmenter.turns_day(TODAY)
        await opened.refreshes()
        yield opened


def expected(*rules: Rule, as_of: date = TODAY) -> list[str]:
    """Whom the oracle finds, in order of id."""
    settings = Settings(top_cutoffs=top_cutoffs(ACCOUNTS, TODAY, Settings()))
    moments = [at(one, as_of, settings) for one in ACCOUNTS]
    found = [m.account.customer.customer_id for m in moments if all(verdict(rule, m) is True for rule in rules)]
    return sorted(found)


async def everyone(house: House, limit: int = 7, **asked: Any) -> list[dict[str, Any]]:
    """Whom the search finds, page after page."""
    found: list[dict[str, Any]] = []
    body = {**asked, "limit": limit}
    while True:
        page = await house.post("/customers/search", body)
        found.extend(page["items"])
        if page["next_cursor"] is None:
            return found
        body["cursor"] = page["next_cursor"]


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [member["customer_id"] for member in found]


@pytest.mark.parametrize("quick", ["top", "new", "recurring", "recent"])
async def test_a_quick_filter(house: House, quick: str) -> None:
    found = expected(where(f"is_{quick}", "eq", True))
    assert ids(await everyone(house, quick=quick)) == found
    assert 0 < len(found) < len(ACCOUNTS)


async def test_without_a_body_everyone_is_found(house: House) -> None:
    found = await house.post("/customers/search")
    assert found["items"] == (await house.post("/customers/search", {}))["items"] != []
    exported = await house.http.post("/v1/customers/export")
    assert exported.text == (await house.call("POST", "/customers/export", {})).text


async def test_a_rule_and_a_quick_filter_must_both_hold(house: House) -> None:
    rule = {"all": [OWING, {"not": OVERDUE}]}
    assert ids(await everyone(house, where=rule)) == expected(rule) != []
    assert ids(await everyone(house, where=rule, quick="recent")) == expected(rule, where("is_recent", "eq", True))
    assert len(await everyone(house)) == len(ACCOUNTS)


async def test_it_is_answered_with_the_day_and_the_thresholds(house: House) -> None:
    answer = await house.post("/customers/search", {"limit": 1})
    assert answer["as_of"] == "2026-03-09"
    quick = answer["quick_filters"]
    assert (quick["top_percentile"], quick["recurring_at_least"]) == (80, 3)
    cutoffs = {currency: Decimal(amount) for currency, amount in quick["top_cutoffs"].items()}
    assert cutoffs == top_cutoffs(ACCOUNTS, TODAY, Settings())


async def test_a_coming_day(house: House) -> None:
    day = TODAY + timedelta(days=31)
    found = await everyone(house, where=OVERDUE, as_of=day.isoformat())
    assert ids(found) == expected(OVERDUE, as_of=day) != expected(OVERDUE)
    for past in (TODAY - timedelta(days=1), TODAY + timedelta(days=401)):
        answer = await house.call("POST", "/customers/search", {"as_of": past.isoformat()})
        assert mistakes(answer) == [("/as_of", "out_of_range")]


SORTS = ["customer_id", "name", "segment_id", "aging_bucket", "risk_level", "total_balance", "overdue_balance"]


@pytest.mark.parametrize("column", SORTS)
async def test_any_column_sorts_both_ways_and_pages_miss_nobody(house: House, column: str) -> None:
    up, down = await everyone(house, sort=column), await everyone(house, sort=f"-{column}")
    assert sorted(ids(up)) == sorted(account.customer.customer_id for account in ACCOUNTS)
    assert ids(down) == ids(up)[::-1]
    keys = [_key(member[column]) for member in up]
    assert keys == sorted(keys)


def _key(value: Any) -> Any:
    return Decimal(value["amount"]) if isinstance(value, dict) else value.encode()


BAD: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"quick": "rich"}, [("/quick", "unknown_choice")]),
    ({"where": where("saldo", "gt", 1)}, [("/where/variable", "unknown_variable")]),
    ({"where": {"all": []}}, [("/where/all", "empty_list")]),
    ({"sort": "risk_score"}, [("/sort", "unknown_choice")]),
    ({"limit": 501}, [("/limit", "out_of_range")]),
    ({"limit": 0}, [("/limit", "out_of_range")]),
    ({"cursor": "basura"}, [("/cursor", "invalid_cursor")]),
    ({"cursor": "W10"}, [("/cursor", "invalid_cursor")]),
    ({"cursor": encode_cursor("customer_id", "a\x00", "a")}, [("/cursor", "invalid_cursor")]),
    ({"cursor": encode_cursor("customer_id", {}, "a")}, [("/cursor", "invalid_cursor")]),
    ({"cursor": encode_cursor("total_balance", "NaN", "a"), "sort": "total_balance"}, [("/cursor", "invalid_cursor")]),
    ({"filter": {}}, [("/filter", "unknown_field")]),
]


@pytest.mark.parametrize(("body", "wrong"), BAD, ids=str)
async def test_a_bad_search_says_where(house: House, body: dict[str, Any], wrong: list[tuple[str, str]]) -> None:
    assert mistakes(await house.call("POST", "/customers/search", body)) == wrong


async def test_a_null_is_as_if_left_out(house: House) -> None:
    nulls = dict.fromkeys(("quick", "where", "as_of", "sort", "limit", "cursor"))
    assert await house.post("/customers/search", nulls) == await house.post("/customers/search", {})


async def test_a_cursor_is_of_one_order(house: House) -> None:
    cursor = (await house.post("/customers/search", {"limit": 1, "sort": "name"}))["next_cursor"]
    answer = await house.call("POST", "/customers/search", {"limit": 1, "sort": "-name", "cursor": cursor})
    assert mistakes(answer) == [("/cursor", "invalid_cursor")]


async def test_an_export_has_everyone_with_the_same_columns(house: House) -> None:
    exported = await house.call("POST", "/customers/export", {"where": OWING, "sort": "-total_balance"})
    assert exported.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(exported.text)))
    members = await everyone(house, where=OWING, sort="-total_balance")
    assert [row["customer_id"] for row in rows] == ids(members)
    first = members[0]
    assert rows[0] == {
        **{name: first[name] for name in ("customer_id", "name", "segment_id", "aging_bucket", "risk_level")},
        **{name: first[name]["amount"] for name in ("total_balance", "overdue_balance")},
        "currency": first["total_balance"]["currency"],
    }


async def test_no_cell_of_an_export_is_a_formula(house: House) -> None:
    exported = await house.call("POST", "/customers/export", {})
    assert "\r\n'-uno,'=1+1,default," in exported.text
    assert '\r\nz-dos,"\'@x, ""y""",default,' in exported.text
    assert len(list(csv.reader(io.StringIO(exported.text)))) == len(ACCOUNTS) + 1


async def test_an_export_of_ids_alone(house: House) -> None:
    exported = await house.call("POST", "/customers/export", {"where": OWING}, accept="application/x-ndjson")
    assert exported.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line)["customer_id"] for line in exported.text.splitlines()] == expected(OWING)


async def test_an_export_longer_than_a_page(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.segmenter.usecases.find_customers.EXPORT_PAGE", 9)
    exported = await house.call("POST", "/customers/export", {"sort": "name"}, accept="application/x-ndjson")
    assert [json.loads(line)["customer_id"] for line in exported.text.splitlines()] == ids(
        await everyone(house, sort="name")
    )


async def test_a_bad_export_is_refused_before_anything_is_sent(house: House) -> None:
    answer = await house.call("POST", "/customers/export", {"where": where("name", "gt", 1)})
    assert mistakes(answer) == [("/where/operator", "operator_not_allowed")]


def _overdue(one: Account) -> Decimal:
    owed: Decimal = value_of(at(one, TODAY, Settings()), "overdue_balance").amount
    return owed


async def test_overdue_balances_are_those_of_the_day(house: House) -> None:
    found = {member["customer_id"]: member for member in await everyone(house, limit=100)}
    for one in ACCOUNTS:
        overdue = found[one.customer.customer_id]["overdue_balance"]
        assert (Decimal(overdue["amount"]), overdue["currency"]) == (_overdue(one), one.customer.currency)
