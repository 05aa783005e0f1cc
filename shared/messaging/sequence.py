"""Which event of a customer to take: exactly the next one. Pure; the caller brings what it knows of the customer.

Everywhere a higher epoch wins over any sequence: it says that the sender's database was restored.
"""

from enum import Enum
from typing import NamedTuple


class Position(NamedTuple):
    """How far a customer's events go, compared by epoch first."""

    epoch: int
    seq: int


NOTHING = Position(0, 0)
"""The position of a customer never heard of."""


class Verdict(Enum):
    """What to do with one event."""

    APPLY = "apply"
    DROP = "drop"
    FALL_BEHIND = "fall_behind"


def judge(known: Position, seen: Position) -> Verdict:
    """Judge an event at ``seen`` for a customer known up to ``known``."""
    if seen <= known:
        return Verdict.DROP
    if seen.seq == known.seq + 1 and known.epoch in (seen.epoch, NOTHING.epoch):
        return Verdict.APPLY
    return Verdict.FALL_BEHIND
