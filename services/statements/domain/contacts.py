"""Whether a customer was written to too recently. Source: meaning.md 44, *contacted_recently*.

Only what was accepted counts, of any rule and of alerts. Of two rules at one instant the smaller id goes first: what
the other one sent meanwhile does not count against it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True)
class Turn:
    """A delivery in the order in which customers are written to; alert messages have no instant of a run."""

    delivery_id: str
    rule_id: str
    due_at: datetime | None


@dataclass(frozen=True)
class Contact:
    """A statement or alert message that the gateway accepted, with figures as of a date."""

    turn: Turn
    as_of_date: date


def last_forgotten(today: date, min_days: int) -> date:
    """The newest day whose contacts do not count any more."""
    return today - timedelta(days=min_days)


def was_contacted(contacts: Iterable[Contact], mine: Turn, today: date, min_days: int) -> bool:
    """Whether any contact but those of a later turn is within the last days; 0 days is never."""
    if min_days == 0:
        return False
    return any(
        contact.as_of_date > last_forgotten(today, min_days) and not _goes_after(contact.turn, mine)
        for contact in contacts
    )


def _goes_after(turn: Turn, mine: Turn) -> bool:
    is_mine = turn.delivery_id == mine.delivery_id
    return is_mine or (turn.due_at == mine.due_at and turn.rule_id > mine.rule_id)
