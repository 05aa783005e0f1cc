"""A figure: limit and product measured in turns, their ratio pair by pair, and the goal it is held against."""

import operator
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

Measure = Callable[[], Awaitable[float]]
"""Does a fixed piece of work and says how fast: units per second, or seconds."""

_ORDERS = {">=": operator.ge, "<=": operator.le}


@dataclass(frozen=True)
class Goal:
    """What a ratio should be: ``Goal(">=", 0.55)``."""

    order: str
    ratio: float

    def is_met(self, ratio: float) -> bool:
        return bool(_ORDERS[self.order](ratio, self.ratio))

    def __str__(self) -> str:
        return f"{self.order} {self.ratio:g}"


@dataclass(frozen=True)
class Figure:
    """One row of the table. ``goal`` and ``met`` are None where the design names no goal."""

    name: str
    unit: str
    limit: float
    product: float
    ratio: float
    goal: str | None
    met: bool | None

    def row(self) -> dict[str, Any]:
        """As it stands in ``bench.json``."""
        return asdict(self)


def figure(name: str, unit: str, pairs: Sequence[tuple[float, float]], goal: Goal | None = None) -> Figure:
    """Pairs of (limit, product) as a row: the median of each, and the median of the ratios of the pairs."""
    ratio = statistics.median(got / could for could, got in pairs)
    return Figure(
        name=name,
        unit=unit,
        limit=statistics.median(could for could, _ in pairs),
        product=statistics.median(got for _, got in pairs),
        ratio=ratio,
        goal=None if goal is None else str(goal),
        met=None if goal is None else goal.is_met(ratio),
    )


async def compare(
    name: str, unit: str, *, limit: Measure, product: Measure, goal: Goal | None = None, rounds: int = 3
) -> Figure:
    """Measure both in turns, after one uncounted round."""
    pairs = [(await limit(), await product()) for _ in range(rounds + 1)][1:]
    return figure(name, unit, pairs, goal)


async def per_second(count: int, work: Awaitable[object]) -> float:
    """How many of ``count`` things a piece of work does a second."""
    started = time.perf_counter()
    await work
    return count / (time.perf_counter() - started)


async def seconds_of(work: Awaitable[object]) -> float:
    """How long a piece of work takes."""
    started = time.perf_counter()
    await work
    return time.perf_counter() - started
