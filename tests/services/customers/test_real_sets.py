"""Every real set with invoices or payments loads: what the contract cannot hold is named, the rest is kept to the cent.

Of the two large sets a share is loaded; ``CASCADA_REAL_SETS=whole`` (``make real-sets``) loads them whole.
"""

import os
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable
from decimal import Decimal
from itertools import islice
from typing import Any

import pytest
from sqlalchemy import text

from tests.journeys.real_sets import DATA
from tests.services.customers.house import House, open_house
from tests.services.customers.real_lines import Line, cards, edgered, fines, hosting, ibm

WHOLE = os.environ.get("CASCADA_REAL_SETS") == "whole"
SHARE = 1 if WHOLE else 40
REFUSED = ("/amount", "out_of_range")
NO_ISSUE, NO_DUE = ("/issued_on", "required"), ("/due_on", "required")

Sums = dict[str, tuple[int, Decimal]]
"""Per kind: how many, and their amounts added up."""


@pytest.fixture
async def house(customers_database: str) -> AsyncIterator[House]:
    """A deployment with the currencies of the sets."""
    async with open_house(customers_database, ["AUD", "USD", "EUR", "TWD"]) as opened:
        yield opened


async def load(house: House, lines: Iterable[Line]) -> tuple[list[Line], Counter[Any]]:
    """The lines that were kept, and what was wrong with the others."""
    kept: list[Line] = []
    mistakes: Counter[Any] = Counter()
    waiting = iter(lines)
    while batch := list(islice(waiting, 10_000)):
        answer = (await house.batch(*batch, history="true")).json()
        refused = {one["line"]: one["errors"] for one in answer["results"]}
        kept += [line for number, line in enumerate(batch, start=1) if number not in refused]
        mistakes.update((one["pointer"], one["code"]) for errors in refused.values() for one in errors)
    return kept, mistakes


def sums_of(lines: Iterable[Line]) -> Sums:
    found: Sums = {}
    for line in lines:
        count, amount = found.get(line["kind"], (0, Decimal(0)))
        found[line["kind"]] = (count + 1, amount + Decimal(line.get("amount", "0")))
    return found


async def sums_in(house: House) -> Sums:
    async with house.database.transaction() as connection:
        customers = (await connection.execute(text("SELECT count(*) FROM customers"))).scalar_one()
        invoices = (await connection.execute(text("SELECT count(*), sum(amount) FROM invoices"))).one()
        payments = (await connection.execute(text("SELECT count(*), sum(amount) FROM payments"))).one()
    found: Sums = {"customer": (customers, Decimal(0)), "invoice": tuple(invoices), "payment": tuple(payments)}
    return {kind: sums for kind, sums in found.items() if sums[0]}


def unholdable(lines: Iterable[Line]) -> Counter[Any]:
    """What is wrong with lines, by the contract alone."""
    found: Counter[Any] = Counter()
    for line in lines:
        if line["kind"] == "invoice":
            found[REFUSED] += Decimal(line["amount"]) < 0
            found.update(Counter() if "due_on" in line else Counter([NO_ISSUE, NO_DUE]))
        if line["kind"] == "payment":
            found[REFUSED] += Decimal(line["amount"]) <= 0
    return +found


SETS: dict[str, tuple[str, Callable[[], Iterable[Line]], set[Any]]] = {
    "repayments": ("edgered-payments", edgered, set()),
    "invoices settled in full": ("ibm-ar", ibm, set()),
    "invoices of several lines": ("hosting-billing", hosting, {NO_ISSUE, NO_DUE}),
    "fines": ("traffic-fines", lambda: fines(SHARE), {REFUSED} if WHOLE else set()),
    "card bills": ("uci-credit-default", lambda: cards(SHARE), {REFUSED}),
}


@pytest.mark.timeout(1800 if WHOLE else 240)
@pytest.mark.parametrize("name", SETS)
async def test_a_real_set_loads(house: House, name: str) -> None:
    folder, lines_of, kinds = SETS[name]
    if not (DATA / folder).exists():
        pytest.skip(f"the real set {folder} is not here")
    lines = list(lines_of())

    kept, mistakes = await load(house, lines)

    assert mistakes == unholdable(lines)
    assert set(mistakes) == kinds
    assert await sums_in(house) == sums_of(kept)
    again, _ = await load(house, lines)
    assert again == kept
    assert len(await house.told()) == len(kept)
