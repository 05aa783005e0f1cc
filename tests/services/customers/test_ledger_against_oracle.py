"""Whatever is sent in whatever order, the ledger is the plain-Python one's after every write, singly and in a batch."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import count, groupby
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from shared.basics.ledger.replay import replay
from shared.contracts.customers_v1 import Snapshot
from tests.services.customers.folding import folded
from tests.services.customers.house import House
from tests.services.customers.oracle import TODAY, Oracle, Step, Void, day
from tests.services.customers.replaying import entries_of
from tests.services.customers.sentences import a_person
from tests.services.customers.stories import body_of, line_of, path_of, stories


async def _send(house: House, customer: str, step: Step) -> int:
    method = house.post if isinstance(step, Void) else house.put
    return (await method(f"/customers/{customer}/{path_of(step)}", body_of(step))).status_code


def _expected(oracle: Oracle) -> dict[str, Any]:
    return {
        "seq": len(oracle.history) + 1,
        "applied": oracle.applied(),
        "owed": oracle.owed,
        "settled": oracle.settled,
        "left": oracle.left,
        "refunded": oracle.refunded(),
        "voided": {name: day(on) for name, on in oracle.voided.items()},
    }


async def _stored(house: House, customer: str) -> dict[str, Any]:
    snapshot = (await house.get(f"/customers/{customer}/snapshot")).json()
    payments = (await house.get(f"/customers/{customer}/payments")).json()["items"]
    notes = (await house.get(f"/customers/{customer}/credit-notes")).json()["items"]
    kinds = {"credit": "credit_note", "write_off": "write_off"}
    left = {("payment", one["payment_id"]): Decimal(one["unapplied"]["amount"]) for one in payments}
    left |= {(kinds[one["kind"]], one["credit_note_id"]): Decimal(one["unapplied"]["amount"]) for one in notes}
    return {
        "seq": snapshot["seq"],
        "applied": [_application(one) for one in snapshot["applications"]],
        "owed": {one["invoice_id"]: Decimal(one["balance"]["amount"]) for one in snapshot["balances"]},
        "settled": {one["invoice_id"]: _day(one["settled_on"]) for one in snapshot["balances"]},
        "left": left,
        "refunded": {one["payment_id"]: Decimal(one["refunded"]["amount"]) for one in payments},
        "voided": {one["invoice_id"]: _day(one["voided_on"]) for one in snapshot["invoices"] if one["voided_on"]},
    }


def _application(one: dict[str, Any]) -> tuple[str, str, str, Decimal, date | None]:
    amount = Decimal(one["amount"]["amount"])
    return one["credit_kind"], one["credit_id"], one["invoice_id"], amount, _day(one["applied_on"])


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


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
        assert await _send(house, customer, step) == oracle.take(step)
        assert await _stored(house, customer) == _expected(oracle)
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
    assert await _stored(house, customer) == _expected(oracle)
    await _check_what_hearers_know(house, customer, oracle)


async def _one_by_one(house: House, customer: str, some: Sequence[Step]) -> list[int]:
    return [await _send(house, customer, step) for step in some]


async def _batch(house: House, customer: str, some: Sequence[Step]) -> list[int]:
    answer = await house.batch(*(line_of(customer, step) for step in some), results="all")
    return [line["status"] for line in answer.json()["results"]]
