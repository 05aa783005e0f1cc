"""Whatever is sent in whatever order, the ledger is the plain-Python one's after every write, singly and in a batch."""

from collections.abc import Sequence
from itertools import count, groupby

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from shared.basics.ledger.replay import replay
from shared.contracts.customers_snapshots import Snapshot
from tests.services.customers.comparing import expected, send, stored
from tests.services.customers.folding import folded
from tests.services.customers.house import House
from tests.services.customers.oracle import TODAY, Oracle, Step, Void, day
from tests.services.customers.replaying import entries_of
from tests.services.customers.sentences import a_person
from tests.services.customers.stories import line_of, stories


async def _check_what_hearers_know(house: House, customer: str, oracle: Oracle) -> None:
    """The events add up to the snapshot, and a replay of it is the oracle's on every day."""
    events = [event for event in await house.told() if event.key == customer]
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    answer = await house.get(f"/customers/{customer}/snapshot")
    facts = folded(events)
    assert {name: answer.json()[name] for name in facts} == facts
    entries = entries_of(msgspec.json.decode(answer.content, type=Snapshot))
    for last in (*range(-1, 42), TODAY):
        book, past = replay(entries, day(last)), oracle.as_of(last)
        assert {name: debt.balance for name, debt in book.debts.items()} == past.owed
        assert {name: debt.settled_on for name, debt in book.debts.items()} == past.settled
        assert {key: credit.left for key, credit in book.credits.items()} == past.left
        standing = {(key, invoice): part for key, parts in book.paid.items() for invoice, part in parts.items()}
        assert standing == {pair: amount for pair, amount in past.parts.items() if amount}


_numbers = count(1)


@pytest.mark.timeout(400)  # a failure takes its time to shrink
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=stories)
async def test_the_ledger_is_the_oracles_after_every_write(house: House, story: list[Step]) -> None:
    customer, oracle = f"c{next(_numbers)}", Oracle()
    assert (await house.put(f"/customers/{customer}", a_person())).status_code == 201
    for step in story:
        assert await send(house, customer, step) == oracle.take(step)
        assert await stored(house, customer) == expected(oracle)
    await _check_what_hearers_know(house, customer, oracle)


@pytest.mark.timeout(400)  # a failure takes its time to shrink
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=stories)
async def test_batches_are_their_lines_one_by_one(house: House, story: list[Step]) -> None:
    """No line voids an invoice: voids are sent between batches."""
    customer, oracle = f"c{next(_numbers)}", Oracle()
    assert (await house.put(f"/customers/{customer}", a_person())).status_code == 201
    for are_voids, part in groupby(story, key=lambda step: isinstance(step, Void)):
        some = list(part)
        statuses = await _one_by_one(house, customer, some) if are_voids else await _batch(house, customer, some)
        assert statuses == [oracle.take(step) for step in some]
    assert await stored(house, customer) == expected(oracle)
    await _check_what_hearers_know(house, customer, oracle)


async def _one_by_one(house: House, customer: str, some: Sequence[Step]) -> list[int]:
    return [await send(house, customer, step) for step in some]


async def _batch(house: House, customer: str, some: Sequence[Step]) -> list[int]:
    answer = await house.batch(*(line_of(customer, step) for step in some), results="all")
    return [line["status"] for line in answer.json()["results"]]
