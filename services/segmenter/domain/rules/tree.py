"""A rule that was read and checked: groups, negations and conditions with typed values."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.segmenter.domain.variables import Variable
from shared.basics.money import Money

Value = str | bool | int | Decimal | Money | date | tuple["Value", ...] | None
"""The operand on the right: one value, a tuple for ``in``, ``not_in`` and ``between``, None for ``is_set``."""


@dataclass(frozen=True)
class Condition:
    """``variable operator value``, for counters over the last ``within_days`` days."""

    variable: Variable
    operator: str
    value: Value = None
    within_days: int | None = None


@dataclass(frozen=True)
class All:
    """True when every part is."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Any:
    """True when some part is."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Not:
    """True when its part is false; unknown stays unknown."""

    part: "Node"


Node = All | Any | Not | Condition


def conditions(node: Node) -> Iterator[Condition]:
    """All conditions of a rule, from left to right."""
    match node:
        case Condition():
            yield node
        case Not(part):
            yield from conditions(part)
        case All(parts) | Any(parts):
            for part in parts:
                yield from conditions(part)
