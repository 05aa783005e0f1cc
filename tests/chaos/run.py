"""The run itself: a stack is set up and loaded, then one row of the matrix after another, each inspected at rest."""

import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from tests.chaos.chaos import Chaos, running_chaos
from tests.chaos.checks_of_figures import totals
from tests.chaos.faults.days import RULES, ended, next_day
from tests.chaos.faults.rules import CASCADES
from tests.chaos.inspection import Inspection, inspect
from tests.chaos.row import Fired, Row
from tests.journeys.publishing import publish
from tests.oracle.facts import BUSINESS_ZONE

START = datetime(2026, 3, 9, 11, 0, tzinfo=BUSINESS_ZONE)

Say = Callable[[str], None]


@dataclass(frozen=True)
class Result:
    """What came of a row. ``failure`` is why it did not run to its end; ``inspection`` is None if nobody looked."""

    row: Row
    amount: int
    seconds: float
    fired: Fired | None = None
    failure: str = ""
    inspection: Inspection | None = None

    @property
    def passed(self) -> bool:
        return not self.failure and not (self.inspection and self.inspection.broken)


@dataclass
class Record:
    """The whole run: every row's result, and the last look at everything."""

    source: str
    customers: int
    a_second: float
    honours_keys: bool
    results: list[Result] = field(default_factory=list)
    last: Inspection | None = None
    failure: str = ""
    seconds: float = 0.0

    @property
    def passed(self) -> bool:
        whole = self.last is not None and not self.last.broken and not self.failure
        return whole and all(result.passed for result in self.results)


@asynccontextmanager
async def a_loaded_stack(
    folder: Path, *, customers: int, a_second: float, honours_keys: bool = True
) -> AsyncIterator[Chaos]:
    """A stack with a cascade in force, statement rules active, and customers whom the load writes of."""
    async with running_chaos(folder, START, a_second=a_second, honours_keys=honours_keys) as chaos:
        await chaos.load.register(customers)
        chaos.cascade = CASCADES[0]
        await publish(chaos.cascada, chaos.cascade)
        for rule_id, body in RULES.items():
            answer = await chaos.cascada.statements.put(f"/rules/{rule_id}", json=body)
            assert answer.status_code == 201, answer.text
        yield chaos


async def run_row(chaos: Chaos, row: Row, amount: int, *, look: bool) -> Result:
    """Do a fault under load, let everything come to rest, and look."""
    started = time.monotonic()
    fired, failure, seen = None, "", None
    try:
        async with chaos.load.running():
            fired = await row.fault(chaos, amount)
        seen = await inspect(chaos) if look else None
    except Exception as error:  # a row that breaks is a result, and the rows after it are still worth knowing
        failure = f"{type(error).__name__}: {error}; {error.__cause__ or ''}"
    return Result(row, amount, time.monotonic() - started, fired, failure, seen)


async def run_matrix(chaos: Chaos, rows: Sequence[tuple[Row, int]], record: Record, say: Say, *, look: bool) -> None:
    """Every row, then the statements of a day at rest and a last look."""
    started = time.monotonic()
    for row, amount in rows:
        result = await run_row(chaos, row, amount, look=look)
        record.results.append(result)
        say(_line(result))
        await chaos.mail_faults("none")
    try:
        record.last = await last_look(chaos)
    except Exception as error:  # the report says so
        record.failure = f"{type(error).__name__}: {error}; {error.__cause__ or ''}"
    record.seconds = time.monotonic() - started


async def last_look(chaos: Chaos) -> Inspection:
    """A day at rest: its statements must show the oracle's totals, and everything else must hold as ever."""
    await inspect(chaos)
    run = await next_day(chaos)
    await ended(chaos, run)
    seen = await inspect(chaos)
    answer = await chaos.cascada.statements.get(f"/runs/{run['run_id']}/deliveries", params={"limit": 500})
    deliveries = {one["customer_id"]: one for one in answer.json()["items"]}
    seen.findings["statements show the recomputed totals"] = totals(seen.accounts, chaos.load.today, deliveries)
    return seen


def _line(result: Result) -> str:
    verdict = "ok    " if result.passed else "FAILED"
    told = result.failure or (result.fired.proof if result.fired else "")
    broken = result.inspection.broken if result.inspection else {}
    return f"{verdict} {result.seconds:5.0f} s  {result.row.name}: {told} {broken or ''}"
