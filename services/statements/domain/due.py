"""What becomes of periods that have fallen due: one runs, the others are recorded as missed.

Source: meaning.md 41, 42 and 48.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.statements.domain.calendar import Occurrence
from services.statements.domain.contact_windows import Holidays, open_from
from services.statements.domain.rule import NOT_LATE, Rule
from shared.basics.days import zone

MissedReason = Literal[
    "outside_catch_up",
    "coalesced",
    "needs_attention",
    "outside_contact_window",
    "audience_unavailable",
    "restored",
]


@dataclass(frozen=True)
class DuePeriod:
    """A period to be recorded: to be run from ``due_at`` on, or missed for a reason."""

    occurrence: Occurrence
    due_at: datetime
    missed: MissedReason | None = None


def judge_due(
    rule: Rule, due: Sequence[Occurrence], now: datetime, *, needs_attention: bool, holidays: Holidays = frozenset()
) -> list[DuePeriod]:
    """Judge periods of one rule that are due and not recorded yet, oldest first.

    Those seen too late are missed; of the rest only the latest runs, unless the rule cannot run at all. One seen late
    while the contact window is shut waits for its next opening.
    """
    runnable = [one for one in due if not one.is_shut_out and now - one.at <= rule.catch_up]
    found = []
    for occurrence in due:
        due_at, missed = occurrence.at, _why_missed(occurrence, runnable, needs_attention=needs_attention)
        if missed is None:
            opening = _opening(rule, occurrence, now, holidays)
            due_at, missed = (opening, None) if opening else (due_at, "outside_contact_window")
        found.append(DuePeriod(occurrence, due_at, missed))
    return found


def judge_lost(judged: Sequence[DuePeriod], lost_at: datetime) -> list[DuePeriod]:
    """The same where the database was restored that was lost at an instant: what was due before it may have run."""
    return [replace(one, missed="restored") if one.due_at <= lost_at else one for one in judged]


def _why_missed(
    occurrence: Occurrence, runnable: Sequence[Occurrence], *, needs_attention: bool
) -> MissedReason | None:
    if occurrence.is_shut_out:
        return "outside_contact_window"
    if occurrence not in runnable:
        return "outside_catch_up"
    if occurrence != runnable[-1]:
        return "coalesced"
    return "needs_attention" if needs_attention else None


def _opening(rule: Rule, occurrence: Occurrence, now: datetime, holidays: Holidays) -> datetime | None:
    """When a period seen now may run: its own instant while the window is open, else the next opening, if any."""
    if rule.contact_window is None or now - occurrence.at <= NOT_LATE:
        return occurrence.at
    within = occurrence.at + rule.catch_up - now
    hours = open_from(rule.contact_window, now, zone(rule.time_zone), holidays, within)
    if hours is None:
        return None
    return occurrence.at if hours[0] == now else hours[0]
