"""The oracle's three-valued logic against expectations written by hand."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.oracle.accounts import account, an_invoice, failed, paid
from tests.oracle.cascade import Segment, segment_of
from tests.oracle.facts import Account, Money
from tests.oracle.rules import Rule, Verdict, verdict
from tests.oracle.settings import Settings
from tests.oracle.variables import at

TODAY = date(2026, 3, 31)
TRUE: Rule = {"variable": "name", "operator": "is_set"}
FALSE: Rule = {"variable": "name", "operator": "is_not_set"}
UNKNOWN: Rule = {"variable": "portfolio", "operator": "eq", "value": "oro"}


def judge(rule: Rule, of: Account | None = None) -> Verdict:
    return verdict(rule, at(of or account(), TODAY, Settings()))


def condition(variable: str, operator: str, value: Any = None, **more: Any) -> Rule:
    return {"variable": variable, "operator": operator, "value": value, **more}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"all": [TRUE, UNKNOWN]}, None),
        ({"all": [FALSE, UNKNOWN]}, False),
        ({"any": [TRUE, UNKNOWN]}, True),
        ({"any": [FALSE, UNKNOWN]}, None),
        ({"not": UNKNOWN}, None),
        ({"not": FALSE}, True),
        ({"all": [TRUE, {"not": {"any": [FALSE, FALSE]}}]}, True),
    ],
)
def test_unknown_spreads_as_kleene_says(rule: Rule, expected: Verdict) -> None:
    assert judge(rule) is expected


@pytest.mark.parametrize("operator", ["eq", "ne", "in", "not_in", "contains", "starts_with"])
def test_a_missing_text_is_unknown_to_every_comparison(operator: str) -> None:
    value: Any = ["oro"] if operator in ("in", "not_in") else "oro"
    assert judge(condition("portfolio", operator, value)) is None
    assert judge(condition("portfolio", operator, value), account(portfolio="  ")) is None


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("eq", "jose perez", True),
        ("ne", "JOSÉ PÉREZ", False),
        ("contains", "sé p", True),
        ("starts_with", "Jose", True),
        ("not_in", ["ana"], True),
    ],
)
def test_text_ignores_case_and_accents(operator: str, value: Any, expected: bool) -> None:
    assert judge(condition("name", operator, value), account(name="José Pérez")) is expected


@pytest.mark.parametrize(("days", "within"), [(30, True), (31, False)])
def test_recent_days_include_their_first(days: int, within: bool) -> None:
    one = account(paid(on=TODAY - timedelta(days=days)))
    assert judge(condition("last_payment_on", "within_last_days", 30), one) is within
    assert judge(condition("last_payment_on", "not_within_last_days", 30), one) is not within


def test_what_never_happened_was_not_recent_and_not_since() -> None:
    assert judge(condition("last_payment_on", "not_within_last_days", 30)) is True
    assert judge(condition("last_payment_on", "not_since", "2026-01-01")) is True
    assert judge(condition("last_payment_on", "within_last_days", 30)) is None


def test_money_of_another_currency_is_unknown() -> None:
    one = account(an_invoice("50", issued_on=TODAY), currency="COP")
    assert judge(condition("total_balance", "gte", {"amount": "50", "currency": "COP"}), one) is True
    assert judge(condition("total_balance", "gte", {"amount": "50", "currency": "USD"}), one) is None
    assert judge(condition("total_balance", "between", ["49.99", "50"]), one) is True


def test_custom_variables_are_judged_by_their_kind() -> None:
    one = account(variables={"score": Decimal("7.5"), "limit": Money(Decimal(9), "COP"), "vip": True})
    assert judge(condition("score", "gt", 7), one) is True
    assert judge(condition("limit", "lt", {"amount": "9", "currency": "COP"}), one) is False
    assert judge(condition("vip", "ne", False), one) is True


def test_an_empty_list_contains_nothing_and_is_not_set() -> None:
    assert judge(condition("products", "contains", "fibra")) is False
    assert judge(condition("products", "is_set")) is False
    one = account(an_invoice(issued_on=TODAY, product="Fibra"))
    assert judge(condition("products", "contains", "fibra"), one) is True


def test_the_first_segment_that_surely_matches_takes_the_customer() -> None:
    failing = Segment("failing", "Pagos fallidos", condition("failed_payments", "gte", 2, within_days=90))
    golden = Segment("golden", "Oro", UNKNOWN)
    one = account(failed(on=TODAY), failed(on=TODAY - timedelta(days=90)))
    assert segment_of(at(one, TODAY, Settings()), [golden, failing]) == "failing"
    assert segment_of(at(one, TODAY + timedelta(days=1), Settings()), [golden, failing]) == "default"
