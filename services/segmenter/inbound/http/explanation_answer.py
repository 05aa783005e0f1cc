"""An explanation as HTTP tells it: the stored rule, with a verdict on every node and the value every condition met."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel

from services.segmenter.domain.explanation import Explanation, JudgedSegment
from services.segmenter.domain.rules import tree
from services.segmenter.domain.rules.judged import Judged
from services.segmenter.domain.rules.written import number_json, rule_json
from shared.basics.money import Money
from shared.http.answers import MoneyAnswer


class JudgedSegmentAnswer(BaseModel):
    """A segment as it was judged. Default has no rule and is true for everyone.

    ``matched`` took the customer; those before it were ``passed_over``; those after it ``would_also_match``, or not
    (``later``). ``rule``: as stored, with ``verdict`` (true, false, null for unknown) on every node, and ``actual``
    (the customer's value, null where missing) on every condition.
    """

    segment_id: str
    name: str
    position: int
    outcome: Literal["matched", "passed_over", "would_also_match", "later"]
    verdict: bool | None
    rule: dict[str, Any] | None


class NextChangeAnswer(BaseModel):
    """The first day within 400 on which the segment is another if nothing happens, and which it is then."""

    on: date
    to: str


class ExplanationAnswer(BaseModel):
    """The published cascade, judged for one customer as of a day; ``segment`` is the id of the one that takes it."""

    customer_id: str
    as_of: date
    revision: int
    segment: str
    segments: list[JudgedSegmentAnswer]
    next_change: NextChangeAnswer | None


def explanation_answer(found: Explanation) -> ExplanationAnswer:
    """The answer that tells an explanation."""
    change = found.next_change
    return ExplanationAnswer(
        customer_id=found.customer_id,
        as_of=found.as_of,
        revision=found.revision,
        segment=found.segment,
        segments=[_segment(judged, position) for position, judged in enumerate(found.segments, start=1)],
        next_change=NextChangeAnswer(on=change.on, to=change.to) if change else None,
    )


def value_answer(value: Any) -> Any:
    """The value of a variable as JSON has it."""
    match value:
        case Money():
            return MoneyAnswer.of(value).model_dump()
        case Decimal():
            return number_json(value)
        case _:
            return value


def _segment(judged: JudgedSegment, position: int) -> JudgedSegmentAnswer:
    return JudgedSegmentAnswer(
        segment_id=judged.segment.segment_id,
        name=judged.segment.name,
        position=position,
        outcome=judged.outcome,
        verdict=judged.verdict,
        rule=_node(judged.rule) if judged.rule else None,
    )


def _node(judged: Judged) -> dict[str, Any]:
    parts = [_node(part) for part in judged.parts]
    match judged.node:
        case tree.All():
            return {"all": parts, "verdict": judged.verdict}
        case tree.Any():
            return {"any": parts, "verdict": judged.verdict}
        case tree.Not():
            return {"not": parts[0], "verdict": judged.verdict}
        case condition:
            return {**rule_json(condition), "verdict": judged.verdict, "actual": value_answer(judged.actual)}
