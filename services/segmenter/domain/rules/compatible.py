"""Whether one value can meet several conditions on the same variable, found by trying values that stand for all.

Sizes (numbers, amounts, days as ordinals) are tried at every operand, just beside it, between each two and beyond the
ends; words at every operand; each also missing. Texts without a listed value are not decided.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from services.segmenter.domain.rules import tree
from services.segmenter.domain.variables import Type
from shared.basics.money import Money
from shared.basics.text import fold

_LISTED = ("eq", "in")


def are_compatible(conditions: Sequence[tree.Condition], as_of: date) -> bool:
    """Whether conditions on one variable can be true together; True where that is not decided."""
    match conditions[0].variable.type:
        case Type.NUMBER | Type.MONEY | Type.DATE:
            return _sizes_are_compatible(conditions, as_of)
        case Type.CHOICE:
            return _one_is_met(conditions, conditions[0].variable.choices)
        case Type.BOOLEAN:
            return _one_is_met(conditions, ("True", "False"))
        case _:
            listed = next((c for c in conditions if c.operator in _LISTED), None)
            only_missing = any(c.operator == "is_not_set" for c in conditions)
            words = _words(listed) if listed else ()
            return not (listed or only_missing) or _one_is_met(conditions, words)


def _one_is_met(conditions: Sequence[tree.Condition], words: Iterable[str]) -> bool:
    return any(all(_meets(word, condition) for condition in conditions) for word in (None, *words))


def _words(condition: tree.Condition) -> tuple[str, ...]:
    """Operands as they are compared: texts without case and accents."""
    given = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    is_text = condition.variable.type in (Type.TEXT, Type.LIST)
    return tuple(fold(str(one)) if is_text else str(one) for one in given)


def _meets(word: str | None, condition: tree.Condition) -> bool:
    operands = _words(condition)
    match condition.operator:
        case "is_set":
            return word is not None
        case "is_not_set":
            return word is None
        case _ if word is None:
            return False
        case "eq" | "in":
            return word in operands
        case "ne" | "not_in":
            return word not in operands
        case "starts_with":
            return word.startswith(operands[0])
        case _:
            return operands[0] in word


def _sizes_are_compatible(conditions: Sequence[tree.Condition], as_of: date) -> bool:
    if len({currency for condition in conditions for currency in _currencies(condition)}) > 1:
        return False
    bounds = [_bounds(condition, as_of) for condition in conditions]
    points = sorted({point for pair in bounds for point in pair})
    between = [(low + high) / 2 for low, high in pairwise(points)]
    tried = [None, *points, *between, *(point + 1 for point in points), *(point - 1 for point in points)]
    judged = list(zip(conditions, bounds, strict=True))
    return any(all(_fits(size, condition.operator, *pair) for condition, pair in judged) for size in tried)


def _currencies(condition: tree.Condition) -> Iterable[str]:
    given = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    return (one.currency for one in given if isinstance(one, Money))


def _bounds(condition: tree.Condition, as_of: date) -> tuple[Decimal, Decimal]:
    """The least and the greatest size that a condition names; the same twice where it names one."""
    match condition.value:
        case int(days) if condition.variable.type is Type.DATE:
            return _size(as_of - timedelta(days=days)), _size(as_of)
        case (low, high):
            return _size(low), _size(high)
        case one:
            return _size(one), _size(one)


def _size(value: tree.Value) -> Decimal:
    match value:
        case Money(amount, _):
            return amount
        case date():
            return Decimal(value.toordinal())
        case Decimal():
            return value
        case _:
            return Decimal(0)


def _fits(size: Decimal | None, operator: str, low: Decimal, high: Decimal) -> bool:
    if size is None:
        return operator in ("is_not_set", "not_since", "not_within_last_days")
    return {
        "is_set": True,
        "is_not_set": False,
        "eq": size == low,
        "on": size == low,
        "ne": size != low,
        "gt": size > low,
        "after": size > low,
        "gte": size >= low,
        "lt": size < low,
        "before": size < low,
        "not_since": size < low,
        "lte": size <= low,
        "between": low <= size <= high,
        "within_last_days": low <= size <= high,
        "not_within_last_days": not low <= size <= high,
    }[operator]
