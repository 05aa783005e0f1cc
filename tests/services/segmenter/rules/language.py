"""Rules as tests write them, and the language they are read in: a variable of every type, two currencies."""

from typing import Any

from services.segmenter.domain.rules import tree
from services.segmenter.domain.rules.parse import Language, parse_rule
from services.segmenter.domain.rules.values import Bounds
from services.segmenter.domain.settings import Settings
from services.segmenter.domain.variables import Type, Variable, catalogue

Rule = dict[str, Any]

CUSTOM = (
    Variable("ciudad", Type.TEXT, "Ciudad", "City", is_custom=True),
    Variable("estrato", Type.NUMBER, "Estrato", "Stratum", is_custom=True),
    Variable("cupo", Type.MONEY, "Cupo aprobado", "Approved limit", is_custom=True),
    Variable("contrato", Type.DATE, "Fecha del contrato", "Contract date", is_custom=True),
    Variable("vip", Type.BOOLEAN, "Cliente VIP", "VIP customer", is_custom=True),
    Variable("canal", Type.CHOICE, "Canal preferido", "Preferred channel", ("correo", "llamada"), is_custom=True),
)
VARIABLES = catalogue(CUSTOM, Settings().buckets)


def language(*, currencies: tuple[str, ...] = ("COP", "USD"), is_segment: bool = False) -> Language:
    return Language(VARIABLES, Bounds(currencies), is_segment=is_segment)


def read(rule: Rule) -> tree.Node:
    """A rule that must be good, aging allowed."""
    return parse_rule(rule, language(), "/where")


def where(variable: str, operator: str, value: Any = None, **more: Any) -> Rule:
    """A condition."""
    given = {} if value is None else {"value": value}
    return {"variable": variable, "operator": operator, **given, **more}


def pesos(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "COP"}
