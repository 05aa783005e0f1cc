"""A whole real set lived through under the presets: loaded as history, lived on with, and compared day by day.

Everyone's segment, bucket, risk and balances must be those that the oracle works out from the same rows.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from time import perf_counter
from typing import Any

from tests.journeys.real_sets import EDGERED
from tests.oracle.cascade import DEFAULT
from tests.oracle.facts import Account
from tests.oracle.lines import Line, accounts_of, day_of
from tests.oracle.rules import Rule, verdict
from tests.oracle.settings import Settings
from tests.oracle.variables import Moment, at, value_of
from tests.services.customers import real_lines
from tests.services.segmenter.real_desk import Desk, Standing

LATER = timedelta(days=45)
"""How long nothing happens in the end."""


def _edgered() -> Iterator[Line]:
    """Its second file says who is a person."""
    kinds = {f"eg-{row['client_id']}": row["entity_type"] for row in real_lines.rows_of(EDGERED / "clients.csv")}
    for line in real_lines.edgered():
        is_person = line["kind"] == "customer" and "Individual" in kinds.get(line["customer_id"], "")
        yield {**line, "type": "person"} if is_person else line


@dataclass(frozen=True)
class RealSet:
    """``lines_of(n)``: its lines, of every ``n``-th customer alone if it ``is_shared_out``."""

    folder: str
    currency: str
    lines_of: Callable[[int], Iterable[Line]]
    says_types: bool = False
    is_shared_out: bool = False


SETS = {
    one.folder: one
    for one in (
        RealSet("edgered-payments", "AUD", lambda _: _edgered(), says_types=True),
        RealSet("ibm-ar", "USD", lambda _: real_lines.ibm()),
        RealSet("hosting-billing", "USD", lambda _: real_lines.hosting()),
        RealSet("uci-credit-default", "TWD", real_lines.cards, says_types=True, is_shared_out=True),
        RealSet("traffic-fines", "EUR", real_lines.fines, is_shared_out=True),
    )
}


@dataclass
class Figures:
    """What came of a set: never a row, a name or an id of it. ``seconds`` and ``counts`` stand in the order made."""

    folder: str
    currency: str
    customers: int
    lines: int
    refused: int = 0
    events: int = 0
    compared: int = 0
    wrong: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    buckets: dict[str, int] = field(default_factory=dict)
    risks: dict[str, int] = field(default_factory=dict)
    owed: Decimal = Decimal(0)
    overdue: Decimal = Decimal(0)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Add what a block takes to a name."""
        began = perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + perf_counter() - began


def lines_of(real_set: RealSet, every: int) -> list[Line]:
    """The lines of every so many customers of a set, with what no file says of a customer made up."""
    lines = list(real_set.lines_of(every))
    owners = sorted({line["customer_id"] for line in lines})
    some = owners if real_set.is_shared_out else owners[::every]
    made_up = {owner: _made_up(real_set, place) for place, owner in enumerate(some)}
    first = _first_days(lines)
    return [
        {**line, **made_up[owner], "registered_on": first[owner].isoformat()} if line["kind"] == "customer" else line
        for line in lines
        if (owner := line["customer_id"]) in made_up
    ]


def _made_up(real_set: RealSet, place: int) -> dict[str, Any]:
    """Every third customer has no address; where the file does not say who is a person, every other one is."""
    address = {} if place % 3 == 0 else {"email": f"cliente-{place}@correo.co"}
    return address if real_set.says_types else {**address, "type": ("person", "company")[place % 2]}


def _first_days(lines: Iterable[Line]) -> dict[str, date]:
    """The first day of each customer; of whom nothing is dated, the first of all."""
    found: dict[str, date] = {}
    for line in lines:
        day = day_of(line)
        if day is not None:
            found[line["customer_id"]] = min(day, found.get(line["customer_id"], day))
    ever = min(found.values())
    return {line["customer_id"]: found.get(line["customer_id"], ever) for line in lines}


async def live_through(desk: Desk, real_set: RealSet, lines: Sequence[Line]) -> Figures:
    """Load the first half of the days as history and live through the others; where everyone stands, and when."""
    days = sorted(day for day in map(day_of, lines) if day)
    half, last = days[len(days) // 2], days[-1]
    past = [line for line in lines if _until(line, half)]
    rest = [line for line in lines if not _until(line, half)]
    accounts = list(accounts_of([*past, *rest]).values())
    figures = Figures(real_set.folder, real_set.currency, len(accounts), len(lines))
    life = Life(desk, figures, accounts, await desk.presets())
    await life.happens(past, half, "the past", history=True)
    await life.publishes(*life.presets)
    await life.compares(half)
    await life.happens(rest, last, "the rest", history=False)
    await life.compares(last)
    await life.presets_one_by_one(last)
    await life.passes_days(last + LATER)
    return figures


def _until(line: Line, day: date) -> bool:
    if line["kind"] == "customer":
        return date.fromisoformat(line["registered_on"]) <= day
    when = day_of(line)
    return when is None or when <= day


@dataclass(frozen=True)
class Found:
    """What the rows say of a customer on a day: which segments' rules match it, and the rest of its standing."""

    matching: frozenset[str]
    rest: tuple[str, str, Decimal, Decimal]

    def standing(self, segment_ids: Sequence[str]) -> Standing:
        """Where it stands in a cascade of these segments."""
        return next((one for one in segment_ids if one in self.matching), DEFAULT), *self.rest


@dataclass
class Life:
    """What the figures are made of. ``found``: what the rows say of everyone on the day ``found_on``."""

    desk: Desk
    figures: Figures
    accounts: Sequence[Account]
    presets: Sequence[dict[str, Any]]
    published: Sequence[str] = ()
    found: dict[str, Found] = field(default_factory=dict)
    found_on: date = date.min

    async def happens(self, lines: Sequence[Line], day: date, name: str, *, history: bool) -> None:
        """The lines come in by the end of a day."""
        self.desk.go_to(day)
        with self.figures.timed("day turns"):
            await self.desk.house.segmenter.turns_day(day)
        with self.figures.timed(f"{name} into customers"):
            self.figures.refused += await self.desk.load(lines, history=history)
        with self.figures.timed(f"{name} into the segmenter"):
            self.figures.events += await self.desk.hear()

    async def publishes(self, *presets: dict[str, Any]) -> None:
        """The segments of presets, one after the other, are the cascade."""
        segments = [segment for preset in presets for segment in preset["segments"]]
        self.published = [one["segment_id"] for one in segments]
        with self.figures.timed("refreshes"):
            await self.desk.publish(segments)

    async def presets_one_by_one(self, day: date) -> None:
        """Each preset by itself is the cascade once."""
        for preset in self.presets:
            await self.publishes(preset)
            found = Counter(standing[0] for standing in (await self.compares(day)).values())
            names = {one["segment_id"]: one["name"] for one in preset["segments"]} | {DEFAULT: "Default"}
            self.figures.counts[preset["name"]["es"]] = {name: found[one] for one, name in names.items()}

    async def passes_days(self, day: date) -> None:
        """Nothing happens until a day."""
        await self.publishes(*self.presets)
        self._sum_up(await self.compares(self.found_on))
        with self.figures.timed("day turns"):
            await self.desk.house.segmenter.turns_day(day)
        await self.compares(day)

    def _sum_up(self, found: dict[str, Standing]) -> None:
        self.figures.buckets = dict(Counter(standing[1] for standing in found.values()))
        self.figures.risks = dict(Counter(standing[2] for standing in found.values()))
        self.figures.owed = sum((standing[3] for standing in found.values()), Decimal(0))
        self.figures.overdue = sum((standing[4] for standing in found.values()), Decimal(0))

    async def compares(self, day: date) -> dict[str, Standing]:
        """Everyone stands where the rows say; where everyone stands."""
        with self.figures.timed("reading everyone"):
            told = await self.desk.everyone()
        with self.figures.timed("recomputing in Python"):
            if self.found_on != day:
                self.found, self.found_on = self._recomputed(day), day
        expected = {name: found.standing(self.published) for name, found in self.found.items()}
        self.figures.compared += len(expected)
        self.figures.wrong += sum(told.get(name) != standing for name, standing in expected.items())
        self.figures.wrong += len(told.keys() - expected.keys())
        return told

    def _recomputed(self, day: date) -> dict[str, Found]:
        rules = {one["segment_id"]: one["rule"] for preset in self.presets for one in preset["segments"]}
        known = [one for one in self.accounts if one.customer.registered_on <= day]
        return {one.customer.customer_id: _found(at(one, day, Settings()), rules) for one in known}


def _found(moment: Moment, rules: dict[str, Rule]) -> Found:
    bucket, risk = (value_of(moment, key) for key in ("aging_bucket", "risk_level"))
    total, overdue = (value_of(moment, key).amount for key in ("total_balance", "overdue_balance"))
    matching = frozenset(one for one, rule in rules.items() if verdict(rule, moment) is True)
    return Found(matching, (bucket, risk, total, overdue))
