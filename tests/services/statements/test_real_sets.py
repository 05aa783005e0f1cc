"""Statements of real customers as of several days equal plain sums over the files, to the cent.

The rows take the whole way: customers' HTTP API, its ledger, its events as they go out, statements' own ledger, its
HTTP API. Of every set a share of the customers; ``CASCADA_REAL_SETS=whole`` (``make real-sets``) takes them all.
"""

import os
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.statements.inbound.events import TYPES
from shared.contracts import customers_v1
from shared.contracts.envelope import Envelope, encode_headers
from shared.messaging import outbox
from shared.messaging.batch import Batch, Event, Record, read_record
from tests.journeys.real_sets import DATA
from tests.services.customers import house as customers
from tests.services.customers import real_lines
from tests.services.statements.house import House
from tests.services.statements.real_sums import SUMS, Owings, days_of

WHOLE = os.environ.get("CASCADA_REAL_SETS") == "whole"
LINES: dict[str, tuple[Callable[[int], Iterable[real_lines.Line]], int]] = {
    "ibm-ar": (lambda _: real_lines.ibm(), 1),
    "hosting-billing": (lambda _: real_lines.hosting(), 80),
    "traffic-fines": (real_lines.fines, 2_000),
}
"""The lines of each set, and of how many customers one is taken."""


@pytest.mark.timeout(3600 if WHOLE else 240)
@pytest.mark.parametrize("folder", LINES)
async def test_statements_of_a_real_set_are_the_sums_of_its_rows(
    house: House, customers_database: str, folder: str
) -> None:
    if not (DATA / folder).exists():
        pytest.skip(f"the real set {folder} is not here")
    lines_of, every = LINES[folder]
    share = 1 if WHOLE else every
    sums = SUMS[folder]()
    mine = {owner: sums[owner] for owner in sorted(sums)[::share]}
    lines = [line for line in lines_of(share) if owner_of(line) in mine]
    days = days_of(mine)
    await hear(house, await told_by_customers(customers_database, lines))

    wrong = [mistake for day in days for mistake in await differences(house, mine, day)]

    assert not wrong
    assert all(any(owing.on(day)["total"] for owing in mine.values()) for day in days[:-1])


def owner_of(line: real_lines.Line) -> str:
    return str(line["customer_id"])


async def told_by_customers(url: str, lines: list[real_lines.Line]) -> list[Envelope]:
    """What customers puts out when the lines are loaded."""
    async with customers.open_house(url, ["USD", "EUR"]) as owner:
        for start in range(0, len(lines), 10_000):
            assert (await owner.batch(*lines[start : start + 10_000], history="true")).status_code == 200
        async with owner.database.transaction() as connection:
            return [event for _, event in await outbox.unsent(connection, "customers", 10_000_000)]


async def hear(house: House, told: list[Envelope]) -> None:
    """The events as they come from the wire."""
    for start in range(0, len(told), 2_000):
        some = enumerate(told[start : start + 2_000])
        read = [read_record(_record(event, place), TYPES) for place, event in some]
        await house.events.apply(Batch([event for event in read if isinstance(event, Event)]))


def _record(event: Envelope, place: int) -> Record:
    return Record(customers_v1.TOPIC, 0, place, event.key.encode(), encode_headers(event), event.data)


async def differences(house: House, owings: Owings, day: date) -> list[Any]:
    """Where a statement as of the end of a day says something else than the rows: (place in the set, both)."""
    house.clock.set(f"{day}T23:00:00-05:00")
    pairs = [(owing.on(day), await stated(house, owner)) for owner, owing in owings.items()]
    return [(day, place, *pair) for place, pair in enumerate(pairs) if pair[0] != pair[1]]


async def stated(house: House, owner: str) -> dict[str, Decimal]:
    """The figures of both kinds of statement in the shape of the sums."""
    full = (await house.get(f"/customers/{owner}/statement"))["currencies"]
    late = (await house.get(f"/customers/{owner}/statement", content="overdue"))["currencies"]
    assert len(full) <= 1
    assert len(late) <= 1
    said = {name: _amount(full, name) for name in ("total", "closing")}
    ages = {cell["bucket"]: _number(cell["amount"]) for one in full for cell in one["aging"]}
    none = dict.fromkeys(["current", "1-30", "31-60", "61-90", "91+"], Decimal(0))
    return {**none, **ages, **said, "credit": _amount(full, "unapplied_credit"), "overdue": _amount(late, "total")}


def _amount(currencies: list[dict[str, Any]], name: str) -> Decimal:
    return sum((_number(one[name]) for one in currencies), Decimal(0))


def _number(value: Any) -> Decimal:
    return Decimal(value["amount"] if isinstance(value, dict) else value)
