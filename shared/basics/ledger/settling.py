"""How waiting credits meet open debts: applications, and what is left out.

Explicit allocations first, then whatever is left by itself: the earliest dated credit to the oldest due debt.
Source: meaning.md, *The ledger*, rules 3 and 4.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from shared.basics.ledger.values import Application, Credit, CreditKey, Debt, Wanted, application
from shared.basics.money import ZERO


@dataclass(frozen=True)
class Settlement:
    """What was applied, in order, and how the touched credits and debts stand after it."""

    applications: tuple[Application, ...]
    credits: Mapping[CreditKey, Credit]
    debts: Mapping[str, Debt]


_Step = tuple[Application, Credit, Debt]


def settle(waiting: Iterable[Credit], owed: Iterable[Debt]) -> Settlement:
    """Apply credits to debts of their common currency until one side has nothing left."""
    credits_in_turn = sorted((credit for credit in waiting if credit.left > ZERO), key=lambda credit: credit.turn)
    if not credits_in_turn:
        return Settlement((), {}, {})
    debts = [(debt.turn, debt) for debt in owed if debt.balance > ZERO]
    heapq.heapify(debts)
    steps: list[_Step] = []
    for credit in credits_in_turn:
        steps.extend(_spend(credit, debts))
    return _settlement(steps)


def _spend(credit: Credit, debts: list[tuple[tuple[date, date, str], Debt]]) -> Iterator[_Step]:
    """Let a credit pay the first debts of the heap, taking from it what is settled."""
    while credit.left > ZERO and debts:
        application, credit, debt = _apply(credit, debts[0][1], credit.left)
        if debt.balance > ZERO:
            heapq.heapreplace(debts, (debt.turn, debt))
        else:
            heapq.heappop(debts)
        yield application, credit, debt


def allocate(credit: Credit, wanted: Wanted, debts: Mapping[str, Debt]) -> Settlement:
    """Apply a credit to the named debts, in the order wanted, each part up to the debt's balance."""
    now = {invoice_id: debts[invoice_id] for invoice_id, _ in wanted}
    steps = []
    for invoice_id, amount in wanted:
        if min(amount, credit.left, now[invoice_id].balance) > ZERO:
            application, credit, debt = _apply(credit, now[invoice_id], amount)
            now[invoice_id] = debt
            steps.append((application, credit, debt))
    return _settlement(steps)


def _apply(credit: Credit, debt: Debt, at_most: Decimal) -> _Step:
    made = application(credit, debt, min(at_most, credit.left, debt.balance))
    balance = debt.balance - made.amount
    return (
        made,
        credit._replace(left=credit.left - made.amount),
        replace(debt, balance=balance, settled_on=None if balance else made.applied_on),
    )


def _settlement(steps: Sequence[_Step]) -> Settlement:
    return Settlement(
        tuple(application for application, _, _ in steps),
        {credit.key: credit for _, credit, _ in steps},
        {debt.invoice_id: debt for _, _, debt in steps},
    )
