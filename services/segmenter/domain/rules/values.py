"""The values that a condition compares with, read by the variable's type and the operator.

Source: meaning.md, rules 22 and 23.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from services.segmenter.domain.rules.tree import Value
from services.segmenter.domain.variables import Type, Variable
from shared.basics.money import Money, parse_amount
from shared.basics.text import is_storable

_SETS = ("is_set", "is_not_set")
_TEXT = ("eq", "ne", "in", "not_in", "contains", "starts_with", *_SETS)
_CHOICE = ("eq", "ne", "in", "not_in", *_SETS)
_SIZE = ("eq", "ne", "gt", "gte", "lt", "lte", "between", *_SETS)
_DAYS_AGO = ("within_last_days", "not_within_last_days")
_DATE = ("before", "after", "on", "between", "not_since", *_DAYS_AGO, *_SETS)

OPERATORS: Mapping[Type, tuple[str, ...]] = {
    Type.TEXT: _TEXT,
    Type.CHOICE: _CHOICE,
    Type.NUMBER: _SIZE,
    Type.MONEY: _SIZE,
    Type.DATE: _DATE,
    Type.BOOLEAN: ("eq", "ne", *_SETS),
    Type.LIST: ("contains", *_SETS),
}
ALL_OPERATORS = frozenset(operator for known in OPERATORS.values() for operator in known)

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOST_DAYS = 36500
_LONGEST_TEXT = 2000
_LARGEST = 10**15
"""As for the numbers that customers are loaded with."""


@dataclass(frozen=True)
class Refusal(Exception):
    """A value that cannot be taken; what is wrong inside a list is said of the list."""

    code: str
    detail: str


@dataclass(frozen=True)
class Bounds:
    """What values must keep to beside their type. Stored rules were checked when they were written: None allows all,
    so that a choice or a currency that is gone since does not make a published cascade unreadable."""

    currencies: tuple[str, ...] | None
    check_choices: bool = True


def read_value(variable: Variable, operator: str, given: Any, bounds: Bounds) -> Value:
    """The typed value of a condition.

    Raises
    ------
    Refusal
        It is missing, of another type, or out of range.
    """
    if operator in _SETS:
        if given is not None:
            raise Refusal("not_allowed", f"{operator} takes no value")
        return None
    if given is None:
        raise Refusal("required", f"{operator} needs a value")
    if operator in _DAYS_AGO:
        return _days(given)
    one = _reader(variable, bounds)
    if operator in ("in", "not_in"):
        return _several(given, one)
    if operator == "between":
        return _range(given, one)
    return one(given)


def _reader(variable: Variable, bounds: Bounds) -> Callable[[Any], Value]:
    match variable.type:
        case Type.TEXT | Type.LIST:
            return _text
        case Type.CHOICE:
            return lambda given: _choice(given, variable.choices if bounds.check_choices else None)
        case Type.NUMBER:
            return _number
        case Type.MONEY:
            return lambda given: _money(given, bounds.currencies)
        case Type.DATE:
            return _date
        case Type.BOOLEAN:
            return _boolean


def _several(given: Any, one: Callable[[Any], Value]) -> tuple[Value, ...]:
    if not isinstance(given, list):
        raise Refusal("wrong_type", "a list is wanted")
    if not given:
        raise Refusal("empty_list", "the list is empty")
    return tuple(one(part) for part in given)


def _range(given: Any, one: Callable[[Any], Value]) -> tuple[Value, ...]:
    if not isinstance(given, list) or len(given) != 2:
        raise Refusal("wrong_type", "a list of two values is wanted, the lower one first")
    low, high = (one(part) for part in given)
    if isinstance(low, Money) and isinstance(high, Money) and low.currency != high.currency:
        raise Refusal("wrong_type", "both amounts must be of one currency")
    if low > high:  # type: ignore[operator]
        raise Refusal("range_reversed", "the lower value comes first")
    return (low, high)


def _text(given: Any) -> str:
    if not isinstance(given, str) or not is_storable(given):
        raise Refusal("wrong_type", "a text is wanted")
    if not given.strip():
        raise Refusal("required", "the text is empty; use is_not_set to ask for a missing one")
    if len(given) > _LONGEST_TEXT:
        raise Refusal("out_of_range", f"at most {_LONGEST_TEXT} characters")
    return given


def _choice(given: Any, choices: tuple[str, ...] | None) -> str:
    if not isinstance(given, str):
        raise Refusal("wrong_type", "a text is wanted")
    if choices is not None and given not in choices:
        raise Refusal("unknown_choice", f"one of these is wanted: {', '.join(choices)}")
    return given


def _number(given: Any) -> Decimal:
    if isinstance(given, bool) or not isinstance(given, int | float):
        raise Refusal("wrong_type", "a number is wanted")
    if not -_LARGEST <= given <= _LARGEST:  # so is NaN, which compares with nothing
        raise Refusal("out_of_range", "a number lies between -10^15 and 10^15")
    return Decimal(str(given))


def _days(given: Any) -> int:
    if isinstance(given, bool) or not isinstance(given, int):
        raise Refusal("wrong_type", "a whole number of days is wanted")
    if not 0 <= given <= _MOST_DAYS:
        raise Refusal("out_of_range", f"0 to {_MOST_DAYS} days")
    return given


def _boolean(given: Any) -> bool:
    if not isinstance(given, bool):
        raise Refusal("wrong_type", "true or false is wanted")
    return given


def _date(given: Any) -> date:
    try:
        if isinstance(given, str) and _ISO_DATE.fullmatch(given):
            return date.fromisoformat(given)
    except ValueError as error:
        raise Refusal("wrong_type", "there is no such date") from error
    raise Refusal("wrong_type", "a date such as '2026-04-30' is wanted")


def _money(given: Any, currencies: tuple[str, ...] | None) -> Money:
    amount, currency = _amount_and_currency(given)
    if currency is None:
        if currencies is None or len(currencies) > 1:
            raise Refusal("currency_required", f"say which currency: {', '.join(currencies or ())}")
        currency = currencies[0]
    if currencies is not None and currency not in currencies:
        raise Refusal("unknown_currency", f"one of these is wanted: {', '.join(currencies)}")
    try:
        return Money(parse_amount(amount), currency)
    except ValueError as error:
        raise Refusal("wrong_type", str(error)) from error


def _amount_and_currency(given: Any) -> tuple[str, str | None]:
    if isinstance(given, str):
        return given, None
    if isinstance(given, dict) and given.keys() <= {"amount", "currency"}:
        amount, currency = given.get("amount"), given.get("currency")
        if isinstance(amount, str) and (currency is None or isinstance(currency, str)):
            return amount, currency
    raise Refusal("wrong_type", 'money is wanted, such as {"amount": "10000", "currency": "COP"}')
