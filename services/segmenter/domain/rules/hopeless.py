"""Whether a rule cannot be true because of what is observed of its variables: not loaded, or never such values.

What cannot be decided is not hopeless. Source: meaning.md 32.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from services.segmenter.domain.observed import Observed, Range
from services.segmenter.domain.rules import tree
from services.segmenter.domain.rules.contradiction import INVERSE
from services.segmenter.domain.variables import Type
from shared.basics.money import Money

Observations = Mapping[str, Observed]
"""By variable; of one that was not counted yet nothing is decided."""

_TRUE_WHEN_MISSING = ("is_not_set", "not_since", "not_within_last_days")
_Size = Decimal | date


def unloaded(rule: tree.Node, observed: Observations) -> list[tree.Condition]:
    """The conditions on variables that nobody has, if the rule cannot be true without them; else none."""

    def fails(condition: tree.Condition, *, negated: bool) -> bool:
        is_true = condition.operator == "is_set" if negated else condition.operator in _TRUE_WHEN_MISSING
        found = observed.get(condition.variable.key)
        return not is_true and found is not None and found.loaded == 0

    return _why_never(rule, fails)


def out_of_range(rule: tree.Node, observed: Observations, as_of: date) -> list[tree.Condition]:
    """The conditions on values that nobody has, if the rule cannot be true without them; else none."""

    def fails(condition: tree.Condition, *, negated: bool) -> bool:
        operator = INVERSE.get(condition.operator, "") if negated else condition.operator
        found = observed.get(condition.variable.key)
        return found is not None and _is_out_of(found.ranges, condition, operator, as_of)

    return _why_never(rule, fails)


def _why_never(rule: tree.Node, fails: Callable[..., bool]) -> list[tree.Condition]:
    match rule:
        case tree.Condition():
            return [rule] if fails(rule, negated=False) else []
        case tree.Not(tree.Condition() as condition):
            return [condition] if fails(condition, negated=True) else []
        case tree.All(parts):
            return [one for part in parts for one in _why_never(part, fails)]
        case tree.Any(parts):
            reasons = [_why_never(part, fails) for part in parts]
            return [one for reason in reasons for one in reason] if all(reasons) else []
        case _:
            return []


def _is_out_of(ranges: tuple[Range, ...], condition: tree.Condition, operator: str, as_of: date) -> bool:
    wanted = _wanted(condition, operator, as_of)
    if wanted is None:
        return False
    found = [one for one in ranges if one.currency == _currency(condition)]
    return not any(_meet(one, *wanted, is_windowed=condition.within_days is not None) for one in found)


def _wanted(condition: tree.Condition, operator: str, as_of: date) -> tuple[_Size | None, _Size | None, bool] | None:
    """(least, greatest, both included): between which values a condition is true; None where that is not decided."""
    if condition.variable.type not in (Type.NUMBER, Type.MONEY, Type.DATE):
        return None
    given = [_size(one) for one in (condition.value if isinstance(condition.value, tuple) else (condition.value,))]
    match operator:
        case "eq" | "on" | "between":
            return given[0], given[-1], True
        case "gte":
            return given[0], None, True
        case "lte":
            return None, given[0], True
        case "gt" | "after":
            return given[0], None, False
        case "lt" | "before":
            return None, given[0], False
        case "within_last_days":
            return as_of - timedelta(days=int(str(condition.value))), as_of, True
        case _:
            return None


def _meet(found: Range, least: _Size | None, greatest: _Size | None, included: bool, *, is_windowed: bool) -> bool:
    low: Any = min(Decimal(0), Decimal(str(found.low))) if is_windowed else found.low
    high: Any = found.high
    is_low_enough = greatest is None or low < greatest or (included and low == greatest)
    return is_low_enough and (least is None or high > least or (included and high == least))


def _currency(condition: tree.Condition) -> str | None:
    first = condition.value[0] if isinstance(condition.value, tuple) else condition.value
    return first.currency if isinstance(first, Money) else None


def _size(value: tree.Value) -> Any:
    match value:
        case Money(amount, _):
            return amount
        case int():
            return Decimal(value)
        case _:
            return value
