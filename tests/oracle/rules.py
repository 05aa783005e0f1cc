"""What a rule says about a customer as of a day: true, false, or None for unknown (meaning.md 22-24)."""

import unicodedata
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.oracle.facts import Money
from tests.oracle.variables import Moment, value_of

Rule = dict[str, Any]
Verdict = bool | None

EXACT = frozenset({"customer_type", "risk_level", "aging_bucket"})
"""Choices are compared as they are; other text ignores case and accents."""


def verdict(rule: Rule, moment: Moment) -> Verdict:
    """Judge a rule. Custom choices are compared like text here: use them in one spelling."""
    if "all" in rule:
        return _all([verdict(part, moment) for part in rule["all"]])
    if "any" in rule:
        return _not(_all([_not(verdict(part, moment)) for part in rule["any"]]))
    if "not" in rule:
        return _not(verdict(rule["not"], moment))
    return _condition(rule, moment)


def _all(parts: list[Verdict]) -> Verdict:
    if False in parts:
        return False
    return None if None in parts else True


def _not(part: Verdict) -> Verdict:
    return None if part is None else not part


def _condition(rule: Rule, moment: Moment) -> Verdict:
    actual = value_of(moment, rule["variable"], rule.get("within_days"))
    operator: str = rule["operator"]
    wanted: Any = rule.get("value")
    if operator in ("is_set", "is_not_set"):
        return _is_set(actual) == (operator == "is_set")
    if operator == "not_within_last_days":
        return actual is None or not _compare_date(actual, "within_last_days", wanted, moment.as_of)
    if operator == "not_since":
        return actual is None or _compare_date(actual, "before", wanted, moment.as_of)
    if actual is None:
        return None
    return _compare(rule["variable"], actual, operator, wanted, moment.as_of)


def _is_set(actual: Any) -> bool:
    return actual is not None and actual != []


def _compare(key: str, actual: Any, operator: str, wanted: Any, as_of: date) -> Verdict:
    if isinstance(actual, bool):
        return (actual is wanted) == (operator == "eq")
    if isinstance(actual, list):
        return fold(wanted) in [fold(item) for item in actual]
    if isinstance(actual, str):
        return _compare_text(actual, operator, wanted) if key not in EXACT else _compare_exact(actual, operator, wanted)
    if isinstance(actual, date):
        return _compare_date(actual, operator, wanted, as_of)
    if isinstance(actual, Money):
        bounds = _money_bounds(wanted, actual.currency)
        return None if bounds is None else _compare_number(actual.amount, operator, bounds)
    values = wanted if isinstance(wanted, list) else [wanted]
    return _compare_number(Decimal(actual), operator, [Decimal(str(value)) for value in values])


def _money_bounds(wanted: Any, currency: str) -> list[Decimal] | None:
    """The amounts to compare with; None if one is of another currency. Text alone is in the customer's own."""
    values = wanted if isinstance(wanted, list) else [wanted]
    if any(isinstance(value, dict) and value["currency"] != currency for value in values):
        return None
    return [Decimal(value["amount"] if isinstance(value, dict) else value) for value in values]


def _compare_number(actual: Decimal, operator: str, wanted: list[Decimal]) -> bool:
    low, high = wanted[0], wanted[-1]
    return {
        "eq": actual == low,
        "ne": actual != low,
        "gt": actual > low,
        "gte": actual >= low,
        "lt": actual < low,
        "lte": actual <= low,
        "between": low <= actual <= high,
    }[operator]


def _compare_date(actual: date, operator: str, wanted: Any, as_of: date) -> bool:
    if operator == "within_last_days":
        return as_of - timedelta(days=wanted) <= actual <= as_of
    days = [date.fromisoformat(day) for day in (wanted if isinstance(wanted, list) else [wanted])]
    return {
        "before": actual < days[0],
        "after": actual > days[0],
        "on": actual == days[0],
        "between": days[0] <= actual <= days[-1],
    }[operator]


def _compare_text(actual: str, operator: str, wanted: Any) -> bool:
    folded = [fold(value) for value in (wanted if isinstance(wanted, list) else [wanted])]
    if operator == "contains":
        return folded[0] in fold(actual)
    if operator == "starts_with":
        return fold(actual).startswith(folded[0])
    return _compare_exact(fold(actual), operator, folded)


def _compare_exact(actual: str, operator: str, wanted: Any) -> bool:
    values = wanted if isinstance(wanted, list) else [wanted]
    return (actual in values) == (operator in ("eq", "in"))


def fold(text: str) -> str:
    """Without case and accents."""
    letters = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
