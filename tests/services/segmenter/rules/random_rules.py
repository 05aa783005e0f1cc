"""Rules made up at random over every variable and every operator, with operands near what customers have."""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from services.segmenter.domain.rules.values import OPERATORS
from services.segmenter.domain.variables import Catalogue, Type, Variable
from tests.services.segmenter.rules.language import Rule

_DAYS = (0, 1, 7, 30, 60, 90, 365)


def random_rule(random: Random, variables: Catalogue, today: date, depth: int = 3) -> Rule:
    """A rule of at most so many levels."""
    kind = random.choice(("all", "any", "not", "condition", "condition")) if depth > 1 else "condition"
    if kind == "condition":
        return _condition(random, random.choice(list(variables.values())), today)
    if kind == "not":
        return {"not": random_rule(random, variables, today, depth - 1)}
    return {kind: [random_rule(random, variables, today, depth - 1) for _ in range(random.randint(1, 3))]}


def _condition(random: Random, variable: Variable, today: date) -> Rule:
    operator = random.choice(OPERATORS[variable.type])
    rule: Rule = {"variable": variable.key, "operator": operator}
    if operator not in ("is_set", "is_not_set"):
        rule["value"] = _operand(random, variable, operator, today)
    if variable.is_windowed and random.random() < 0.6:
        rule["within_days"] = random.choice(_DAYS[1:])
    return rule


def _operand(random: Random, variable: Variable, operator: str, today: date) -> Any:
    def one() -> Any:
        return _one(random, variable, today)

    if operator.endswith("last_days"):
        return random.choice(_DAYS)
    if operator in ("in", "not_in"):
        return [one() for _ in range(random.randint(1, 3))]
    if operator == "between":
        low, high = sorted((one(), one()), key=_size)
        return [low, high | {"currency": low["currency"]}] if isinstance(low, dict) else [low, high]
    return one()


def _size(operand: Any) -> Any:
    return float(operand["amount"]) if isinstance(operand, Mapping) else operand


def _one(random: Random, variable: Variable, today: date) -> Any:
    match variable.type:
        case Type.NUMBER:
            return random.choice((0, 1, 2, 2.5, 3, 30, 90, 500, 0.08))
        case Type.MONEY:
            amount = random.choice(("0", "50", "100", "100.25", "300"))
            return {"amount": amount, "currency": random.choice(("COP", "COP", "USD"))}
        case Type.DATE:
            return (today - timedelta(days=random.choice((*_DAYS, -1)))).isoformat()
        case Type.BOOLEAN:
            return random.choice((True, False))
        case Type.CHOICE:
            return random.choice(variable.choices)
        case Type.LIST:
            return random.choice(("Luz", "luz", "Gas", "Água"))
        case Type.TEXT:
            return random.choice(("ana", "José Lara", "a", "%", "bogotá d.c.", "CO", "energia", "@correo"))
