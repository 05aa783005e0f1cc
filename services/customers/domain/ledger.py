"""How credit meets debt, by values alone: waiting credits and open debts in, applications and what is left out.

Explicit allocations first, then whatever is left by itself: the earliest dated credit to the oldest due debt.
Unapplied credit never stands beside an open debt of its currency. Source: meaning.md, *The ledger*, rules 3 and 4.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal

from shared.basics.money import ZERO

CreditKind = Literal["payment"]


@dataclass(frozen=True)
class Credit:
    """Money of a customer that pays invoices: ``left`` is what is not applied yet. ``dated_on`` is its own day."""

    kind: CreditKind
    credit_id: str
    currency: str
    dated_on: date
    left: Decimal

    @property
    def turn(self) -> tuple[date, bool, str]:
        """Credits are applied in this order: the earliest dated, payments before others, then by id."""
        return (self.dated_on, self.kind != "payment", self.credit_id)


@dataclass(frozen=True)
class Debt:
    """What the ledger knows of an invoice. ``settled_on`` is the day its balance came to zero."""

    invoice_id: str
    currency: str
    issued_on: date
    due_on: date
    balance: Decimal
    settled_on: date | None = None

    @property
    def turn(self) -> tuple[date, date, str]:
        """Debts are paid in this order: the oldest due, then the oldest issued, then by id."""
        return (self.due_on, self.issued_on, self.invoice_id)


@dataclass(frozen=True)
class Application:
    """A part of a credit that pays a part of an invoice."""

    credit_kind: CreditKind
    credit_id: str
    invoice_id: str
    amount: Decimal
    currency: str
    applied_on: date


@dataclass(frozen=True)
class Settlement:
    """What was applied, in order, and how the touched credits and debts stand after it."""

    applications: tuple[Application, ...]
    credits: Mapping[tuple[CreditKind, str], Credit]
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


def allocate(credit: Credit, wanted: Sequence[tuple[str, Decimal]], debts: Mapping[str, Debt]) -> Settlement:
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
    amount = min(at_most, credit.left, debt.balance)
    applied_on = max(credit.dated_on, debt.issued_on)
    balance = debt.balance - amount
    return (
        Application(credit.kind, credit.credit_id, debt.invoice_id, amount, debt.currency, applied_on),
        replace(credit, left=credit.left - amount),
        replace(debt, balance=balance, settled_on=None if balance else applied_on),
    )


def _settlement(steps: Sequence[_Step]) -> Settlement:
    return Settlement(
        tuple(application for application, _, _ in steps),
        {(credit.kind, credit.credit_id): credit for _, credit, _ in steps},
        {debt.invoice_id: debt for _, _, debt in steps},
    )
