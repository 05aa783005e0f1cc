"""Load a batch: many writes in one call, each taken or refused as the single write would be.

Declarations come first, so that a batch may bring its own variables. Then the facts, sorted by customer with each
customer's order kept, in transactions of a thousand: what is kept stays kept, and a batch may be repeated freely.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from services.customers.domain.change import Asked
from services.customers.domain.variable import Variable
from services.customers.usecases.declare_variable import Declared, DeclareVariable
from services.customers.usecases.record_facts import Order, Outcome, RecordFacts
from shared.basics.errors import KnownError

_CHUNK = 1000


@dataclass(frozen=True)
class Line:
    """One line of a batch, counted from 1: what it asks, or why it could not be read."""

    number: int
    asked: Asked | Variable | KnownError


@dataclass(frozen=True)
class Loaded:
    """What became of a line: new, changed, unchanged, or refused."""

    number: int
    outcome: Literal["new", "changed", "unchanged"] | KnownError


@dataclass(frozen=True)
class LoadBatch:
    """Uses the same two ways in as single writes."""

    declare_variable: DeclareVariable
    record_facts: RecordFacts

    async def __call__(self, lines: Sequence[Line], *, history: bool, by: str) -> list[Loaded]:
        """Write every line that can be, on behalf of ``by``; one answer for each, in order.

        ``history`` marks events as the past's.
        """
        loaded = [Loaded(line.number, line.asked) for line in lines if isinstance(line.asked, KnownError)]
        declarations = [(line.number, line.asked) for line in lines if isinstance(line.asked, Variable)]
        loaded += [await self._declare(number, asked, by) for number, asked in declarations]
        facts = [(line.number, line.asked) for line in lines if not isinstance(line.asked, KnownError | Variable)]
        facts.sort(key=lambda fact: fact[1].customer_id)
        for start in range(0, len(facts), _CHUNK):
            loaded += await self._record(facts[start : start + _CHUNK], history)
        return sorted(loaded, key=lambda one: one.number)

    async def _declare(self, number: int, asked: Variable, by: str) -> Loaded:
        try:
            return Loaded(number, _declared(await self.declare_variable(asked, by=by)))
        except KnownError as refusal:
            return Loaded(number, refusal)

    async def _record(self, facts: Sequence[tuple[int, Asked]], history: bool) -> list[Loaded]:
        outcomes = await self.record_facts.group([Order(asked) for _, asked in facts], history=history)
        return [Loaded(number, _recorded(outcome)) for (number, _), outcome in zip(facts, outcomes, strict=True)]


def _declared(declared: Declared) -> Literal["new", "changed", "unchanged"]:
    if declared.is_new:
        return "new"
    return "changed" if declared.is_changed else "unchanged"


def _recorded(outcome: Outcome) -> Literal["new", "changed", "unchanged"] | KnownError:
    if isinstance(outcome, KnownError):
        return outcome
    if outcome.change is None:
        return "unchanged"
    return "new" if outcome.change.is_new else "changed"
