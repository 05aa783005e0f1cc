"""Exactly the next event of a customer is applied; known ones are dropped; anything else falls behind."""

import pytest

from shared.messaging.sequence import NOTHING, Position, Verdict, judge


@pytest.mark.parametrize(
    ("known", "seen", "verdict"),
    [
        (NOTHING, Position(1, 1), Verdict.APPLY),
        (NOTHING, Position(4, 1), Verdict.APPLY),
        (NOTHING, Position(1, 2), Verdict.FALL_BEHIND),
        (Position(1, 7), Position(1, 8), Verdict.APPLY),
        (Position(1, 7), Position(1, 7), Verdict.DROP),
        (Position(1, 7), Position(1, 3), Verdict.DROP),
        (Position(1, 7), Position(1, 9), Verdict.FALL_BEHIND),
        (Position(1, 7), Position(2, 8), Verdict.FALL_BEHIND),
        (Position(1, 7), Position(2, 1), Verdict.FALL_BEHIND),
        (Position(2, 3), Position(1, 4), Verdict.DROP),
    ],
)
def test_verdicts(known: Position, seen: Position, verdict: Verdict) -> None:
    assert judge(known, seen) is verdict
