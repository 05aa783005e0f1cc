"""Customers of whom one day, one cent or one fact more or less changes a figure: each edge on both of its sides.

Written for the settings of ``test_oracle_agrees``: three days of grace, the thresholds of risk, its holidays.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.oracle.accounts import account, an_invoice, disputed, failed, paid, promised, subscribed
from tests.oracle.facts import Account, Fact

YEAR = 365


def edge_portfolio(today: date) -> list[Account]:
    """Every edge customer, named by its number."""
    edges = Edges(today)
    lives = [
        *edges.in_time(),
        *edges.lateness(),
        *edges.agreements(),
        *edges.promises(),
        *edges.risks(),
        *edges.others(),
    ]
    return [account(*facts, **{"customer_id": f"e-{n:03}", **given}) for n, (facts, given) in enumerate(lives)]


Life = tuple[Sequence[Fact], dict[str, Any]]


class Edges:
    """Lives around the edges of a day."""

    def __init__(self, today: date) -> None:
        self.today = today

    def ago(self, days: int) -> date:
        return self.today - timedelta(days=days)

    def bill(self, due: int, amount: str = "100") -> Fact:
        """An invoice that fell due so many days ago."""
        return an_invoice(amount, issued_on=self.ago(due + 30), due_on=self.ago(due))

    def settled(self, due: int, *, late: int = 0, amount: str = "100") -> list[Fact]:
        """One that was paid so many days after it fell due."""
        bill = an_invoice(amount, issued_on=self.ago(due + 30), due_on=self.ago(due))
        said = ((bill.invoice_id, Decimal(amount)),)
        return [bill, paid(amount, on=self.ago(due - late), allocations=said)]

    def in_time(self) -> Iterator[Life]:
        """The oldest and the newest due dates of the year, the last day of grace, the third invoice."""
        two = [*self.settled(40), *self.settled(60)]
        for due in (YEAR, YEAR + 1, 3, 4):
            yield [*two, self.bill(due)], {}
        for late in (3, 4):
            yield [*two, *self.settled(50, late=late)], {}
        yield two, {}

    def lateness(self) -> Iterator[Life]:
        """Parts paid on the first day of the year, and the day before it."""
        for late in (0, 1):
            yield [*self.settled(YEAR + 1, late=late), *self.settled(20, late=7)], {}

    def agreements(self) -> Iterator[Life]:
        """Subscriptions and disputes that begin or end today, yesterday, tomorrow."""
        long_ago = self.ago(100)
        for days in (-1, 0, 1):
            day = self.ago(days)
            yield [subscribed("Luz", since=day, told_on=long_ago)], {}
            yield [subscribed("Luz", since=long_ago, ended_on=day)], {}
            yield [disputed(None, on=long_ago, closed_on=day if days >= 0 else None)], {}
        yield [disputed(None, on=self.today)], {}

    def promises(self) -> Iterator[Life]:
        """Deadlines around today, over weekends and holidays; paid just enough, just in time."""
        for due in range(1, 9):
            yield [promised("100", on=self.ago(30), by=self.ago(due))], {}
        for amount, on in (("95", 40), ("94.9999", 40), ("95", 60), ("95", 61)):
            yield [promised("100", on=self.ago(60), by=self.ago(40)), paid(amount, on=self.ago(on))], {}
        for after in range(5):
            yield [promised("100", on=self.ago(60), by=self.ago(40)), paid("100", on=self.ago(40 - after))], {}

    def risks(self) -> Iterator[Life]:
        """What is high and what is low, at the threshold and beside it."""
        for due in (0, 1, 299, 300, 301):
            yield [self.bill(due)], {}
        yield [self.bill(-1)], {}
        for many in (1, 2, 3):
            broken = [promised("10", on=self.ago(30), by=self.ago(20), promise_id=f"o{n}") for n in range(many)]
            yield [*broken, *self.settled(200), *self.settled(210), *self.settled(220)], {}
        for late in (("80", "81"), ("81", "81"), ("80", "80"), ("25", "25"), ("25", "26"), ("24", "26")):
            yield [part for n, days in enumerate(late) for part in self.settled(120 + n, late=int(days))], {}
        for late_by in (49, 50, 51):
            yield [*self.settled(120), *self.settled(121, late=late_by), self.bill(100, "10")], {}
        for hundredths in (24, 25, 26, 34, 35, 36):
            bills = self.settled(90, amount=f"{hundredths}"), self.settled(91, late=9, amount=f"{100 - hundredths}")
            yield [*bills[0], *bills[1], *self.settled(95, late=9, amount="0.0001")], {}
            yield (
                [*bills[0], *bills[1], *self.settled(95, amount="0.0002"), *self.settled(96, late=4, amount="0.001")],
                {},
            )
            weights = (str(hundredths), str(90 - hundredths), "10")
            rest = [self.settled(80 + n, late=20 * min(n, 1), amount=one) for n, one in enumerate(weights)]
            yield [fact for facts in rest for fact in facts], {}
        for score in ("399.99", "400", "400.01", "699.99", "700", "2", "1.99", "2.5", "2.49"):
            yield [], {"risk_score": Decimal(score), "variables": {"estrato": Decimal(score)}}

    def others(self) -> Iterator[Life]:
        """Windows of counters, new and recent, months of payments, the cutoff of top."""
        for days in (7, 8, 60, 61, 90, 91):
            yield [failed(on=self.ago(days))], {"registered_on": self.ago(days)}
        for days in (180, 181, YEAR, YEAR + 1):
            yield [paid("150.25", on=self.ago(days)), paid("0.01", on=self.ago(days))], {}
        for amount in ("150.24", "150.25", "150.26"):
            yield [paid(amount, on=self.ago(10))], {}
        first = self.today.replace(day=1)
        for month in (89, 90, 91):
            day = first - timedelta(days=month)
            yield [paid("1", on=day), paid("1", on=self.today)], {}
