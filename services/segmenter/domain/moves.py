"""What a judging changed of one customer."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from shared.basics.money import Money, totals

Cause = Literal["event", "day_turn", "refresh"]


@dataclass(frozen=True, slots=True)
class Move:
    """A customer whose segment, bucket or risk is another now; ``from_segment`` is None when it had never been told.

    ``sequence`` numbers the first of its events: the segment's, then the bucket's, then the risk's. ``score`` is what
    the risk level was read from, None where behaviour decided.
    """

    customer_id: str
    sequence: int
    from_segment: str | None
    to_segment: str
    from_bucket: str
    to_bucket: str
    from_risk: str
    to_risk: str
    score: Decimal | None
    total_balance: Money

    @property
    def changes_segment(self) -> bool:
        return self.from_segment != self.to_segment

    @property
    def changes_bucket(self) -> bool:
        return self.from_bucket != self.to_bucket

    @property
    def changes_risk(self) -> bool:
        return self.from_risk != self.to_risk


@dataclass(frozen=True)
class Departure:
    """An erased customer that left its segment for none; ``sequence`` numbers the event."""

    customer_id: str
    sequence: int
    from_segment: str


@dataclass(frozen=True)
class Effect:
    """How many customers changed segment, and what they owe, per currency."""

    customers: int = 0
    balance: tuple[Money, ...] = ()

    def plus(self, moves: Iterable[Move]) -> "Effect":
        """The effect together with that of more moves."""
        moved = [move for move in moves if move.changes_segment]
        return Effect(
            self.customers + len(moved),
            tuple(m for m in totals([*self.balance, *(move.total_balance for move in moved)]) if m.amount),
        )
