"""What the load asked for, and what it was answered: the run's own memory, against which everything is held.

A write is *accepted* (2xx), *refused* (4xx), or *unknown*: no answer, or a 5xx, which may have come after the commit.
An unknown write may be there or not, but if it is there then wholly.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from tests.journeys.wire import fact_id
from tests.oracle.facts import Customer, Invoice, Payment

Outcome = Literal["accepted", "unknown", "refused"]
Written = Invoice | Payment


@dataclass
class Write:
    """One fact of one customer, asked for perhaps more than once."""

    customer_id: str
    fact: Written
    outcome: Outcome = "unknown"
    calls: int = 0
    statuses: list[int | None] = field(default_factory=list)

    @property
    def name(self) -> tuple[str, str]:
        return self.customer_id, fact_id(self.fact)

    @property
    def was_in_doubt(self) -> bool:
        return any(status is None or status >= 500 for status in self.statuses)

    def answered(self, status: int | None) -> None:
        """Take the answer of one call; None is no answer."""
        self.calls += 1
        self.statuses.append(status)
        if status is not None and 200 <= status < 300:
            self.outcome = "accepted"
        elif status is not None and 400 <= status < 500:
            self.outcome = "refused"


@dataclass
class History:
    """Every customer registered, and every write in the order in which its customer's one writer made it."""

    customers: dict[str, Customer] = field(default_factory=dict)
    of: dict[str, list[Write]] = field(default_factory=dict)

    def registered(self, customer: Customer) -> None:
        self.customers[customer.customer_id] = customer
        self.of[customer.customer_id] = []

    def asks(self, customer_id: str, fact: Written) -> Write:
        """Note a write before it is made."""
        write = Write(customer_id, fact)
        self.of[customer_id].append(write)
        return write

    def writes(self, outcome: Outcome | None = None) -> Iterator[Write]:
        """All of them, or those that came out so."""
        for mine in self.of.values():
            yield from (write for write in mine if outcome in (None, write.outcome))

    def count(self, outcome: Outcome) -> int:
        return sum(1 for _ in self.writes(outcome))

    def in_doubt(self) -> int:
        """Writes that at least once had no answer, or a 5xx."""
        return sum(write.was_in_doubt for write in self.writes())
