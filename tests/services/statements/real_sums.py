"""What customers of the real sets owe on a day, by plain sums over the rows of the files: nothing of the product here.

What the contract cannot hold is left out, as the way in refuses it. Beside ``real_lines``, which sends the same rows.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from tests.journeys.real_sets import DATA
from tests.services.customers.real_lines import rows_of

BOGOTA = timezone(timedelta(hours=-5))
EDGES = {"current": 0, "1-30": 30, "31-60": 60, "61-90": 90}
"""The last day of each age; what is older is ``91+``."""


@dataclass(frozen=True)
class Bill:
    """What was asked for; ``settled_on`` where the file says when this very bill was paid in full."""

    issued_on: date
    due_on: date
    amount: Decimal
    settled_on: date | None = None


@dataclass
class Owing:
    """One customer's rows. ``paid`` names no bill: it pays what is due first."""

    bills: list[Bill] = field(default_factory=list)
    paid: list[tuple[date, Decimal]] = field(default_factory=list)

    def on(self, day: date) -> dict[str, Decimal]:
        """Closing, credit and what is left, by age, at the end of a day."""
        purse = sum((amount for when, amount in self.paid if when <= day), Decimal(0))
        found = dict.fromkeys([*EDGES, "91+"], Decimal(0))
        for bill in sorted(self.bills, key=lambda one: one.due_on):
            if bill.issued_on > day or (bill.settled_on and bill.settled_on <= day):
                continue
            used = Decimal(0) if bill.settled_on else min(purse, bill.amount)
            purse -= used
            found[_age(bill.due_on, day)] += bill.amount - used
        total = sum(found.values(), Decimal(0))
        return {**found, "total": total, "overdue": total - found["current"], "credit": purse, "closing": total - purse}


Owings = Mapping[str, Owing]


def ibm() -> Owings:
    """Each invoice stands until the day on which it was settled."""
    found: dict[str, Owing] = defaultdict(Owing)
    for row in rows_of(DATA / "ibm-ar" / "WA_Fn-UseC_-Accounts-Receivable.csv"):
        issued_on, due_on, settled_on = (_american(row[name]) for name in ("InvoiceDate", "DueDate", "SettledDate"))
        bill = Bill(issued_on, due_on, Decimal(row["InvoiceAmount"]), settled_on)
        found[f"ibm-{row['customerID']}"].bills.append(bill)
    return found


def hosting() -> Owings:
    """Nothing is paid; the lines of a number make one invoice, held if it has a date and is not below zero."""
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    due: dict[tuple[str, str], date] = {}
    for row in rows_of(DATA / "hosting-billing" / "invoice.csv.gz"):
        name = row["USERID"], row["INVOICEID"]
        sums[name] += Decimal(row["AMOUNT"])
        if row["DUEDATE"]:
            day = _british(row["DUEDATE"][:10])
            due[name] = min(due.get(name, day), day)
    found: dict[str, Owing] = defaultdict(Owing)
    for name, amount in sums.items():
        if name in due and amount >= 0:
            found[f"h-{name[0]}"].bills.append(Bill(due[name], due[name], amount))
    return found


def fines() -> Owings:
    """A penalty raises the fine to its amount; payments name nothing."""
    cases: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows_of(DATA / "traffic-fines" / "events.csv.gz"):
        cases[row["case"]].append(row)
    return {f"tf-{case}": Owing(list(_raised(rows)), list(_paid(rows))) for case, rows in cases.items()}


def _raised(rows: list[dict[str, str]]) -> Iterator[Bill]:
    asked = Decimal(0)
    for row in rows:
        if row["event"] in ("Create Fine", "Add penalty"):
            more, asked = Decimal(row["amount"]) - asked, Decimal(row["amount"])
            day = date.fromisoformat(row["time"][:10])
            if more >= 0:
                yield Bill(day, day, more)


def _paid(rows: list[dict[str, str]]) -> Iterator[tuple[date, Decimal]]:
    for row in rows:
        if row["event"] == "Payment" and Decimal(row["paymentAmount"]) > 0:
            when = datetime.fromisoformat(row["time"])
            yield when.astimezone(BOGOTA).date(), Decimal(row["paymentAmount"])


def days_of(owings: Owings) -> list[date]:
    """Days to ask about: three among the issue dates of the set, and one when everything is long past."""
    days = sorted(bill.issued_on for owing in owings.values() for bill in owing.bills)
    return [*(days[len(days) * quarter // 4] for quarter in (1, 2, 3)), days[-1] + timedelta(days=400)]


def _american(text: str) -> date:
    month, day, year = map(int, text.split("/"))
    return date(year, month, day)


def _british(text: str) -> date:
    day, month, year = map(int, text.split("/"))
    return date(year, month, day)


def _age(due_on: date, day: date) -> str:
    late = (day - due_on).days
    return next((name for name, last in EDGES.items() if late <= last), "91+")


SUMS: Mapping[str, Callable[[], Owings]] = {"ibm-ar": ibm, "hosting-billing": hosting, "traffic-fines": fines}
