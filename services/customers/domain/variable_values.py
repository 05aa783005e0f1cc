"""Values of custom variables: as a body gave them in, of their declared types out.

Source: meaning.md, *Variables*; contract.md, *customers*.
"""

import re
from collections.abc import Mapping
from datetime import date

from services.customers.domain.cells import Cell, as_boolean, as_number
from services.customers.domain.terms import Terms
from services.customers.domain.variable import Variable, VariableType
from shared.basics.errors import BadInput, Mistake, mistake
from shared.basics.money import AMOUNT_PATTERN, Money, parse_amount
from shared.basics.pointer import pointer
from shared.basics.text import is_storable

Value = str | int | float | bool | Money
"""A loaded value; dates and choices are text."""

LARGEST_NUMBER = 10**15
"""Numbers up to here are exact in every reader's JSON."""
_LONGEST_TEXT = 2000
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def load(
    asked: Mapping[str, object],
    declared: Mapping[str, Variable],
    stored: Mapping[str, Value],
    currency: str,
    terms: Terms,
) -> dict[str, Value]:
    """Values as the body gave them → values of their declared types; null and empty text load nothing.

    Money without currency is in the customer's ``currency``; a currency is judged unless the value is ``stored`` so.

    Raises
    ------
    BadInput
        Every undeclared key and every value of another type, each with its pointer.
    """
    values: dict[str, Value] = {}
    mistakes: list[Mistake] = []
    for key, raw in sorted(asked.items()):
        where = pointer("variables", key)
        try:
            variable = _declared(where, key, declared)
            value = _value(where, _out_of(raw, variable.type), variable, currency)
            if value != stored.get(key):
                _check(value, terms, where)
        except BadInput as refused:
            mistakes.extend(refused.mistakes)
            continue
        if value is not None and value != "":
            values[key] = value
    if mistakes:
        raise BadInput(*mistakes)
    return values


def _declared(where: str, key: str, declared: Mapping[str, Variable]) -> Variable:
    if key not in declared:
        raise mistake(where, "unknown_variable", "this variable is not declared")
    return declared[key]


def _value(where: str, raw: object, variable: Variable, currency: str) -> Value | None:
    if raw is None:
        return None
    match variable.type:
        case "money":
            return _money(where, raw, currency)
        case "number":
            return _number(where, raw)
        case "boolean":
            return _boolean(where, raw)
        case "date":
            return _date(where, raw)
        case "choice":
            return _choice(where, raw, variable.choices or ())
        case "text":
            return _text(where, raw)


def _out_of(raw: object, kind: VariableType) -> object:
    """What a cell holds, by the declared type; what is no cell has a type of its own."""
    if not isinstance(raw, Cell):
        return raw
    if kind == "number":
        return as_number(raw)
    return as_boolean(raw) if kind == "boolean" else str(raw)


def _check(value: Value | None, terms: Terms, where: str) -> None:
    if isinstance(value, Money):
        terms.check_currency(value.currency, f"{where}/currency")


def _wrong(where: str, wanted: str) -> BadInput:
    return mistake(where, "wrong_type", f"{wanted} is wanted")


def _text(where: str, raw: object) -> str:
    if not isinstance(raw, str) or not is_storable(raw):
        raise _wrong(where, "text")
    if len(raw) > _LONGEST_TEXT:
        raise mistake(where, "too_long", f"a text has at most {_LONGEST_TEXT} characters")
    return raw


def _choice(where: str, raw: object, choices: tuple[str, ...]) -> str:
    if not isinstance(raw, str):
        raise _wrong(where, "one of the choices, as text,")
    if raw not in choices:
        raise mistake(where, "unknown_choice", "the choices are " + ", ".join(choices))
    return raw


def _number(where: str, raw: object) -> int | float:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        raise _wrong(where, "a JSON number")
    if not abs(raw) <= LARGEST_NUMBER:  # so NaN is refused too
        raise mistake(where, "out_of_range", "a number lies between -10^15 and 10^15")
    return raw or 0  # zero has no sign


def _boolean(where: str, raw: object) -> bool:
    if not isinstance(raw, bool):
        raise _wrong(where, "true or false")
    return raw


def _date(where: str, raw: object) -> str:
    if not isinstance(raw, str) or not _DATE.fullmatch(raw):
        raise _wrong(where, "a date such as '2026-04-30'")
    try:
        found = date.fromisoformat(raw)
    except ValueError as error:
        raise _wrong(where, "an existing date") from error
    if found in (date.min, date.max):  # infinite to PostgreSQL, as in every other date of a body
        raise mistake(where, "out_of_range", "a date after 0001-01-01 and before 9999-12-31 is wanted")
    return found.isoformat()


def _money(where: str, raw: object, currency: str) -> Money:
    given = raw if isinstance(raw, dict) else {"amount": raw, "currency": currency}
    amount, named = given.get("amount"), given.get("currency")
    if set(given) - {"amount", "currency"} or not isinstance(named, str):
        raise _wrong(where, "an amount as text, or an object of amount and currency,")
    if not isinstance(amount, str) or not AMOUNT_PATTERN.fullmatch(amount):
        raise _wrong(where, "a decimal string with at most 4 decimals, such as '1250000.50',")
    return Money(parse_amount(amount), named)
