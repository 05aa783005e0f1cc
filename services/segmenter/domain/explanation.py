"""Why a customer is in its segment on a day: every segment of the cascade with its verdict, in priority order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.segmenter.domain.cascade import Cascade, Segment
from services.segmenter.domain.rules.judged import Finding, Judged, Verdict, judge

Outcome = Literal["matched", "passed_over", "would_also_match", "later"]


@dataclass(frozen=True)
class JudgedSegment:
    """A segment as it was judged; ``rule`` is None for Default, which is true for everyone.

    ``matched`` took the customer; those before it were ``passed_over``; those after it ``would_also_match``, or not
    (``later``).
    """

    segment: Segment
    outcome: Outcome
    verdict: Verdict
    rule: Judged | None


@dataclass(frozen=True)
class NextChange:
    """The first day on which the segment is another if nothing happens, and which it is then."""

    on: date
    to: str


@dataclass(frozen=True)
class Explanation:
    """The whole cascade, judged for one customer as of a day."""

    customer_id: str
    as_of: date
    revision: int
    segment: str
    segments: tuple[JudgedSegment, ...]
    next_change: NextChange | None


def judge_segments(cascade: Cascade, findings: Iterable[Finding]) -> tuple[JudgedSegment, ...]:
    """Judge the cascade by the findings for its conditions, which come segment after segment, from left to right."""
    left, judged, is_taken = iter(findings), [], False
    for segment in cascade.segments:
        rule = judge(segment.rule, left) if segment.rule is not None else None
        verdict = rule.verdict if rule else True
        judged.append(JudgedSegment(segment, _outcome(verdict, is_taken=is_taken), verdict, rule))
        is_taken = is_taken or verdict is True
    return tuple(judged)


def taken_by(judged: Iterable[JudgedSegment]) -> str:
    """The id of the segment that took the customer."""
    return next(one.segment.segment_id for one in judged if one.outcome == "matched")


def _outcome(verdict: Verdict, *, is_taken: bool) -> Outcome:
    if is_taken:
        return "would_also_match" if verdict else "later"
    return "matched" if verdict else "passed_over"
