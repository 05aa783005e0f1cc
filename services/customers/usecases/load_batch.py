"""Load a batch: many writes in one call, each taken or refused as the single write would be.

Declarations come first, so that a batch may bring its own variables. Then the facts, sorted by customer with each
customer's order kept, in transactions of a thousand: what is kept stays kept, and a batch may be repeated freely.
Two shares of the customers are loaded at once: while one waits for PostgreSQL, the other has Python (decision 73).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from services.customers.domain.change import Asked
from services.customers.domain.customer import AskedCustomer
from services.customers.domain.customer_patch import AskedPatch
from services.customers.domain.variable import Variable
from services.customers.usecases.declare_variable import Declared, DeclareVariable
from services.customers.usecases.record_facts import Order, Outcome, RecordFacts
from shared.basics.errors import KnownError

_CHUNK = 1000


class Line(NamedTuple):
    """One line of a batch, counted from 1: what it asks, or why it could not be read."""

    number: int
    asked: Asked | Variable | KnownError


class Loaded(NamedTuple):
    """What became of a line: new, changed, unchanged, or refused."""

    number: int
    outcome: Literal["new", "changed", "unchanged"] | KnownError


_Fact = tuple[int, Asked]
"""The number of a line, and what it asks."""


@dataclass(frozen=True)
class LoadBatch:
    """Uses the same two ways in as single writes."""

    declare_variable: DeclareVariable
    record_facts: RecordFacts

    async def __call__(self, lines: Sequence[Line], *, history: bool, by: str) -> list[Loaded]:
        """Write every line that can be, on behalf of ``by``; one answer for each, in order.

        ``history`` marks events as the past's.
        """
        loaded: list[Loaded] = []
        facts: list[_Fact] = []
        for number, asked in lines:
            if isinstance(asked, KnownError):
                loaded.append(Loaded(number, asked))
            elif isinstance(asked, Variable):
                loaded.append(await self._declare(number, asked, by))
            else:
                facts.append((number, asked))
        facts.sort(key=_customer)
        loads = (self._record(share, history) for share in _shares(facts))
        for end in await asyncio.gather(*loads, return_exceptions=True):
            if isinstance(end, BaseException):
                raise end
            loaded += end
        return sorted(loaded, key=lambda one: one.number)

    async def _declare(self, number: int, asked: Variable, by: str) -> Loaded:
        try:
            return Loaded(number, _declared(await self.declare_variable(asked, by=by)))
        except KnownError as refusal:
            return Loaded(number, refusal)

    async def _record(self, facts: Sequence[_Fact], history: bool) -> list[Loaded]:
        loaded: list[Loaded] = []
        for start in range(0, len(facts), _CHUNK):
            part = facts[start : start + _CHUNK]
            outcomes = await self.record_facts.group([Order(asked) for _, asked in part], history=history)
            loaded += [Loaded(number, _recorded(one)) for (number, _), one in zip(part, outcomes, strict=True)]
        return loaded


def _customer(fact: _Fact) -> str:
    return fact[1].customer_id


def _shares(facts: Sequence[_Fact]) -> list[Sequence[_Fact]]:
    """Halves that have no customer in common; where customers may want each other's documents, all in one."""
    middle = len(facts) // 2
    while 0 < middle < len(facts) and _customer(facts[middle - 1]) == _customer(facts[middle]):
        middle += 1
    if len(facts) <= _CHUNK or any(_may_carry_a_document(asked) for _, asked in facts):
        return [facts]
    return [facts[:middle], facts[middle:]]


def _may_carry_a_document(asked: Asked) -> bool:
    if isinstance(asked, AskedCustomer):
        return asked.particulars.document is not None
    return isinstance(asked, AskedPatch) and "document" in asked.said


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
