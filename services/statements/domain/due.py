"""What becomes of periods that have fallen due: one runs, the others are recorded as missed.

Source: meaning.md 41, 42.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.statements.domain.calendar import Occurrence
from services.statements.domain.rule import Rule

MissedReason = Literal["outside_catch_up", "coalesced", "needs_attention"]


@dataclass(frozen=True)
class DuePeriod:
    """A period to be recorded: to be run, or missed for a reason."""

    occurrence: Occurrence
    missed: MissedReason | None = None


def judge_due(rule: Rule, due: Sequence[Occurrence], now: datetime, *, needs_attention: bool) -> list[DuePeriod]:
    """Judge periods of one rule that are due and not recorded yet, oldest first.

    Those seen too late are missed; of the rest only the latest runs, unless the rule cannot run at all.
    """
    found = []
    for place, occurrence in enumerate(due, start=1):
        missed: MissedReason | None = None
        if now - occurrence.at > rule.catch_up:
            missed = "outside_catch_up"
        elif place < len(due):
            missed = "coalesced"
        elif needs_attention:
            missed = "needs_attention"
        found.append(DuePeriod(occurrence, missed))
    return found
