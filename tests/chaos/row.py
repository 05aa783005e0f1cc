"""A row of the matrix: what is done, how often, and what must come of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tests.chaos.chaos import Chaos


class NotFired(AssertionError):
    """The fault did not happen as it was meant to, so whatever was seen proves nothing."""


@dataclass(frozen=True)
class Fired:
    """``proof``: how it is known that the fault happened. ``seen``: what the system did meanwhile."""

    proof: str
    seen: str


Fault = Callable[[Chaos, int], Awaitable[Fired]]
"""Does the fault ``times`` times (or for so many seconds) under load; raises :class:`NotFired` if it did not happen."""


@dataclass(frozen=True)
class Row:
    """``long`` and ``short``: the amount in ``make chaos`` and in the test command, in ``unit``."""

    name: str
    expected: str
    fault: Fault
    long: int
    short: int
    unit: str = "times"


def fired(proof: str, *, when: bool, seen: str) -> Fired:
    """The fault's account of itself, if it happened."""
    if not when:
        raise NotFired(proof)
    return Fired(proof, seen)
