"""Whether a rule can never be true because conditions on one variable inside an ``all`` exclude each other.

A warning of the preview, so it errs on the side of silence: what cannot be decided is no contradiction. Source:
meaning.md 32, 33.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from services.segmenter.domain.rules import tree
from services.segmenter.domain.rules.compatible import are_compatible

INVERSE = {"eq": "ne", "gt": "lte", "lt": "gte", "in": "not_in", "is_set": "is_not_set"}
INVERSE |= {inverse: operator for operator, inverse in INVERSE.items()}


def is_contradictory(rule: tree.Node, as_of: date) -> bool:
    """Whether nobody can match a rule, whoever they are; spans of days end on ``as_of``."""
    match rule:
        case tree.All(parts):
            return any(is_contradictory(part, as_of) for part in parts) or _exclude_each_other(rule, as_of)
        case tree.Any(parts):
            return all(is_contradictory(part, as_of) for part in parts)
        case _:
            return False


def _exclude_each_other(group: tree.All, as_of: date) -> bool:
    by_quantity: dict[tuple[str, int | None], list[tree.Condition]] = defaultdict(list)
    for condition in _joined(group):
        by_quantity[condition.variable.key, condition.within_days].append(condition)
    return any(len(joined) > 1 and not are_compatible(joined, as_of) for joined in by_quantity.values())


def _joined(group: tree.All) -> Iterator[tree.Condition]:
    """The conditions that must all be true: those of inner ``all`` groups too, and negated ones turned round."""
    for part in group.parts:
        match part:
            case tree.All():
                yield from _joined(part)
            case tree.Condition():
                yield part
            case tree.Not(tree.Condition(variable, operator, value, within_days)) if operator in INVERSE:
                yield tree.Condition(variable, INVERSE[operator], value, within_days)
