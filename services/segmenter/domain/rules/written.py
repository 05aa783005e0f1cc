"""A rule as JSON in its one spelling: money with its currency, numbers as numbers. What is stored and told."""

from datetime import date
from decimal import Decimal
from typing import Any

from services.segmenter.domain.rules import tree
from shared.basics.money import Money, amount_text


def rule_json(node: tree.Node) -> dict[str, Any]:
    """The JSON that reads as this rule."""
    match node:
        case tree.All(parts):
            return {"all": [rule_json(part) for part in parts]}
        case tree.Any(parts):
            return {"any": [rule_json(part) for part in parts]}
        case tree.Not(part):
            return {"not": rule_json(part)}
        case tree.Condition(variable, operator, value, within_days):
            said: dict[str, Any] = {"variable": variable.key, "operator": operator}
            if value is not None:
                said["value"] = _value_json(value)
            if within_days is not None:
                said["within_days"] = within_days
            return said


def _value_json(value: tree.Value) -> Any:
    match value:
        case tuple():
            return [_value_json(one) for one in value]
        case Money(amount, currency):
            return {"amount": amount_text(amount), "currency": currency}
        case Decimal():
            return number_json(value)
        case date():
            return value.isoformat()
        case _:
            return value


def number_json(value: Decimal) -> int | float:
    """A number as JSON has it: whole ones without a point."""
    return int(value) if value == value.to_integral_value() else float(value)
