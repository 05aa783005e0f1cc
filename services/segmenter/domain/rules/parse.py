"""Read a rule from JSON: every node that is wrong is named, each with its first mistake.

A node is judged in the order shape, variable, operator, value, window. Source: meaning.md, rules 22-27.
"""

from dataclasses import dataclass, field
from typing import Any

from services.segmenter.domain.rules import tree
from services.segmenter.domain.rules.values import ALL_OPERATORS, OPERATORS, Bounds, Refusal, read_value
from services.segmenter.domain.variables import AGING_REASON, Catalogue, Variable
from shared.basics.errors import BadInput, Mistake
from shared.basics.pointer import pointer

MOST_NODES = 200
DEEPEST = 10
LONGEST_WINDOW = 3650

_KINDS = ("all", "any", "not", "variable")
_CONDITION_FIELDS = {"variable", "operator", "value", "within_days"}


@dataclass(frozen=True)
class Language:
    """What may be said: the variables, what values must keep to, and whether the rule is a segment's."""

    variables: Catalogue
    bounds: Bounds
    is_segment: bool


def stored_language(variables: Catalogue) -> Language:
    """For rules that were checked when they were written."""
    return Language(variables, Bounds(currencies=None, check_choices=False), is_segment=False)


def parse_rule(given: Any, language: Language, root: str) -> tree.Node:
    """Read a rule.

    Raises
    ------
    BadInput
        With every mistake, its pointer beginning with ``root`` (such as ``/rule``).
    """
    reading = _Reading(language)
    node = reading.node(given, (root.removeprefix("/"),), depth=1)
    if reading.nodes > MOST_NODES:
        raise BadInput(Mistake(root, "rule_too_large", f"a rule has at most {MOST_NODES} nodes"))
    if node is None:
        raise BadInput(*reading.mistakes)
    return node


class _Wrong(Exception):
    """A node is wrong; its mistake is noted already."""


Path = tuple[str | int, ...]


@dataclass
class _Reading:
    language: Language
    mistakes: list[Mistake] = field(default_factory=list)
    nodes: int = 0

    def node(self, given: Any, path: Path, depth: int) -> tree.Node | None:
        self.nodes += 1
        try:
            if depth > DEEPEST:
                raise self._wrong(path, "rule_too_deep", f"a rule is at most {DEEPEST} nodes deep")
            match self._kind(given, path):
                case "not":
                    return self._negation(given, path, depth)
                case "variable":
                    return self._condition(given, path)
                case group:
                    return self._group(given, group, path, depth)
        except _Wrong:
            return None

    def _wrong(self, path: Path, code: str, detail: str) -> _Wrong:
        self.mistakes.append(Mistake(pointer(*path), code, detail))
        return _Wrong()

    def _kind(self, given: Any, path: Path) -> str:
        if not isinstance(given, dict):
            raise self._wrong(path, "wrong_type", "an object is wanted")
        kinds = [kind for kind in _KINDS if kind in given]
        if len(kinds) != 1:
            raise self._wrong(path, "one_of", "a node has exactly one of all, any, not, variable")
        allowed = _CONDITION_FIELDS if kinds == ["variable"] else set(kinds)
        for name in given:
            if name not in allowed:
                raise self._wrong((*path, name), "unknown_field", f"{name} has no place here")
        return kinds[0]

    def _negation(self, given: dict[str, Any], path: Path, depth: int) -> tree.Node | None:
        part = self.node(given["not"], (*path, "not"), depth + 1)
        return tree.Not(part) if part else None

    def _group(self, given: dict[str, Any], kind: str, path: Path, depth: int) -> tree.Node | None:
        inner = given[kind]
        if not isinstance(inner, list):
            raise self._wrong((*path, kind), "wrong_type", "a list is wanted")
        if not inner:
            raise self._wrong((*path, kind), "empty_list", "a group needs at least one part")
        parts = []
        for index, part in enumerate(inner):
            if self.nodes > MOST_NODES:
                raise _Wrong
            parts.append(self.node(part, (*path, kind, index), depth + 1))
        found = tuple(part for part in parts if part)
        if len(found) < len(parts):
            return None
        return tree.All(found) if kind == "all" else tree.Any(found)

    def _condition(self, given: dict[str, Any], path: Path) -> tree.Node:
        variable = self._variable(given["variable"], path)
        operator = self._operator(given.get("operator"), variable, path)
        try:
            value = read_value(variable, operator, given.get("value"), self.language.bounds)
        except Refusal as refusal:
            raise self._wrong((*path, "value"), refusal.code, refusal.detail) from refusal
        return tree.Condition(variable, operator, value, self._window(given.get("within_days"), variable, path))

    def _variable(self, key: Any, path: Path) -> Variable:
        where = (*path, "variable")
        if not isinstance(key, str):
            raise self._wrong(where, "wrong_type", "the key of a variable is wanted")
        variable = self.language.variables.get(key)
        if variable is None:
            raise self._wrong(where, "unknown_variable", f"there is no variable {key[:80]}")
        if self.language.is_segment and variable.is_aging:
            raise self._wrong(where, "aging_not_segmentable", AGING_REASON)
        return variable

    def _operator(self, operator: Any, variable: Variable, path: Path) -> str:
        where = (*path, "operator")
        if operator is None:
            raise self._wrong(where, "required", "a condition needs an operator")
        if not isinstance(operator, str):
            raise self._wrong(where, "wrong_type", "the name of an operator is wanted")
        if operator not in ALL_OPERATORS:
            raise self._wrong(where, "unknown_operator", f"there is no operator {operator[:80]}")
        if operator not in OPERATORS[variable.type]:
            known = ", ".join(OPERATORS[variable.type])
            raise self._wrong(where, "operator_not_allowed", f"{variable.key} takes {known}")
        return operator

    def _window(self, days: Any, variable: Variable, path: Path) -> int | None:
        where = (*path, "within_days")
        if days is None:
            return None
        if not variable.is_windowed:
            raise self._wrong(where, "not_allowed", f"{variable.key} is not counted over days")
        if isinstance(days, bool) or not isinstance(days, int):
            raise self._wrong(where, "wrong_type", "a whole number of days is wanted")
        if not 1 <= days <= LONGEST_WINDOW:
            raise self._wrong(where, "out_of_range", f"1 to {LONGEST_WINDOW} days")
        return days
