"""The demo's portfolio: 2,000 customers, the year behind them and the thirty days to come, from one seed.

Pure: the same seed and dates give the same portfolio, whatever the system does with it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from deploy.demo.billing import Fact, life_of
from deploy.demo.payers import Payer, make_payer, with_bouncing_mail

COMPANY_EVERY = 4
HISTORY_DAYS = 365

Line = dict[str, Any]
"""One line of ``POST /v1/batches``."""


@dataclass(frozen=True)
class Portfolio:
    """Customers, and all their facts oldest first."""

    payers: tuple[Payer, ...]
    facts: tuple[Fact, ...]

    def history(self, until: datetime) -> Iterator[list[Line]]:
        """For each customer the lines of its registration and its past, in order."""
        past: dict[str, list[Line]] = {payer.customer_id: [_customer_line(payer)] for payer in self.payers}
        for fact in self.facts:
            if fact.at <= until:
                past[fact.customer_id].append(fact_line(fact))
        yield from past.values()

    def between(self, after: datetime, until: datetime) -> list[Fact]:
        """What happens after one instant and up to another, in order."""
        return [fact for fact in self.facts if after < fact.at <= until]


def make_portfolio(seed: int, customers: int, today: date, days: int) -> Portfolio:
    """So many customers with a year of facts before ``today`` and ``days`` of facts from it on."""
    payers = with_bouncing_mail([_payer(seed, place, today) for place in range(1, customers + 1)])
    first, last = today - timedelta(days=HISTORY_DAYS), today + timedelta(days=days - 1)
    facts = [fact for payer in payers for fact in life_of(payer, _draw(seed, payer.customer_id), first, last)]
    return Portfolio(tuple(payers), tuple(sorted(facts, key=lambda fact: (fact.at, fact.customer_id))))


def batches(customers: Iterable[list[Line]], most_lines: int) -> Iterator[list[Line]]:
    """Lines in batches of at most ``most_lines``, each customer whole in one batch."""
    batch: list[Line] = []
    for lines in customers:
        if len(batch) + len(lines) > most_lines:
            yield batch
            batch = []
        batch = batch + lines
    if batch:
        yield batch


def fact_line(fact: Fact) -> Line:
    """A fact as a line of a batch."""
    return {"kind": fact.kind, "customer_id": fact.customer_id, "id": fact.id, **fact.body}


def _customer_line(payer: Payer) -> Line:
    return {"kind": "customer", "customer_id": payer.customer_id, **payer.body}


def _payer(seed: int, place: int, today: date) -> Payer:
    return make_payer(_draw(seed, f"customer {place}"), place, today, is_company=place % COMPANY_EVERY == 0)


def _draw(seed: int, name: str) -> Random:
    """A generator of its own for everything that has a name, so that one customer's draws move no other's."""
    return Random(f"{seed} {name}")  # noqa: S311 - a portfolio, not a secret
