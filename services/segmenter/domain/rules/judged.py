"""A rule as it was judged for one customer: the verdict on every node, and what every condition found.

Storage says which conditions are true; groups follow from them. Source: meaning.md 24.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.segmenter.domain.rules import tree

Verdict = bool | None
"""None is unknown."""


@dataclass(frozen=True)
class Finding:
    """What was found for one condition: its verdict, and the customer's value (None where missing)."""

    verdict: Verdict
    actual: Any


@dataclass(frozen=True)
class Judged:
    """A node with its verdict; ``actual`` is there for conditions, ``parts`` for groups and negations."""

    node: tree.Node
    verdict: Verdict
    actual: Any = None
    parts: tuple["Judged", ...] = ()


def judge(node: tree.Node, findings: Iterator[Finding]) -> Judged:
    """Judge a rule by the findings for its conditions, which come from left to right."""
    match node:
        case tree.Condition():
            found = next(findings)
            return Judged(node, found.verdict, found.actual)
        case tree.Not(part):
            inner = judge(part, findings)
            return Judged(node, _opposite(inner.verdict), parts=(inner,))
        case tree.All(parts):
            judged = tuple(judge(part, findings) for part in parts)
            return Judged(node, _all(part.verdict for part in judged), parts=judged)
        case tree.Any(parts):
            judged = tuple(judge(part, findings) for part in parts)
            return Judged(node, _opposite(_all(_opposite(part.verdict) for part in judged)), parts=judged)


def _all(verdicts: Iterator[Verdict]) -> Verdict:
    found = set(verdicts)
    if False in found:
        return False
    return None if None in found else True


def _opposite(verdict: Verdict) -> Verdict:
    return None if verdict is None else not verdict
