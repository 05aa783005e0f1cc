"""Whatever is sent in whatever order, the ledger is the plain-Python one's after every write, singly and in a batch."""

from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.services.customers.house import House
from tests.services.customers.oracle import Issue, Oracle, Pay, Step, day
from tests.services.customers.sentences import a_person

AMOUNTS = st.sampled_from([Decimal(text) for text in ("0.0001", "1", "10.5", "40", "99.9999", "100", "250")])
OWED = st.one_of(AMOUNTS, st.just(Decimal(0)))
CURRENCIES = st.sampled_from(["COP", "COP", "USD"])
INVOICES = st.sampled_from(["f1", "f2", "f3", "F4", "f-5"])
PAYMENTS = st.sampled_from(["p1", "p2", "p3", "P4", "p-5", "p6"])
DAYS = st.integers(0, 40)

issues = st.builds(Issue, INVOICES, CURRENCIES, OWED, DAYS, DAYS)
wishes = st.lists(st.tuples(INVOICES, AMOUNTS), max_size=3).map(tuple)
pays = st.builds(Pay, PAYMENTS, CURRENCIES, AMOUNTS, DAYS, st.sampled_from([True, True, True, False]), wishes)
unnamed_pays = st.builds(Pay, PAYMENTS, CURRENCIES, AMOUNTS, DAYS, st.just(True))


@st.composite
def stories(draw: st.DrawFn) -> list[Step]:
    """Invoices and payments in any order, some said again, some invoices due on another day."""
    steps = draw(st.lists(st.one_of(issues, issues, pays, unnamed_pays), min_size=3, max_size=14))
    for place in draw(st.lists(st.integers(0, len(steps) - 1), max_size=4)):
        again = steps[place]
        if isinstance(again, Issue):
            again = Issue(again.invoice, again.currency, again.amount, again.issued, draw(DAYS))
        steps.insert(draw(st.integers(place + 1, len(steps))), again)
    return steps


def _body(step: Step) -> dict[str, Any]:
    amount = {"amount": str(step.amount), "currency": step.currency}
    if isinstance(step, Issue):
        return {"amount": amount, "issued_on": str(day(step.issued)), "due_on": str(day(step.due))}
    return {
        "status": "succeeded" if step.succeeded else "failed",
        "amount": amount,
        "occurred_at": f"{day(step.paid)}T17:00:00Z",
        "allocations": [{"invoice_id": invoice, "amount": str(part)} for invoice, part in step.wishes],
    }


def _line(customer: str, step: Step) -> dict[str, Any]:
    kind, name = ("invoice", step.invoice) if isinstance(step, Issue) else ("payment", step.payment)
    return {"kind": kind, "customer_id": customer, "id": name, **_body(step)}


async def _put(house: House, customer: str, step: Step) -> int:
    noun = f"invoices/{step.invoice}" if isinstance(step, Issue) else f"payments/{step.payment}"
    return (await house.put(f"/customers/{customer}/{noun}", _body(step))).status_code


def _expected(oracle: Oracle) -> dict[str, Any]:
    return {
        "seq": oracle.events + 1,
        "applied": oracle.applied,
        "owed": oracle.owed,
        "settled": oracle.settled,
        "left": oracle.left,
    }


async def _stored(house: House, customer: str) -> dict[str, Any]:
    snapshot = (await house.get(f"/customers/{customer}/snapshot")).json()
    payments = (await house.get(f"/customers/{customer}/payments")).json()["items"]
    return {
        "seq": snapshot["seq"],
        "applied": [_application(one) for one in snapshot["applications"]],
        "owed": {one["invoice_id"]: Decimal(one["balance"]["amount"]) for one in snapshot["balances"]},
        "settled": {one["invoice_id"]: _day(one["settled_on"]) for one in snapshot["balances"]},
        "left": {one["payment_id"]: Decimal(one["unapplied"]["amount"]) for one in payments},
    }


def _application(one: dict[str, Any]) -> tuple[str, str, Decimal, Any]:
    return one["credit_id"], one["invoice_id"], Decimal(one["amount"]["amount"]), _day(one["applied_on"])


def _day(text: str | None) -> Any:
    return text and type(day(0)).fromisoformat(text)


async def _told(house: House, customer: str) -> dict[str, Any]:
    """What a hearer knows who adds up the effects of the customer's events."""
    events = [event for event in await house.told() if event.key == customer]
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    effects = [event.data["effect"] for event in events if "effect" in event.data]
    applied = [_application(one) for effect in effects for one in effect["applications"]]
    standing = {one["invoice_id"]: one for effect in effects for one in effect["balances"]}
    left = {
        event.data["payment_id"]: Decimal(event.data["amount"]["amount"]) * (event.type == "payment.succeeded")
        for event in events
        if event.type.startswith("payment.")
    }
    for payment, _, amount, _ in applied:
        left[payment] -= amount
    return {
        "seq": len(events),
        "applied": applied,
        "owed": {name: Decimal(one["balance"]["amount"]) for name, one in standing.items()},
        "settled": {name: _day(one["settled_on"]) for name, one in standing.items()},
        "left": left,
    }


_numbers = count(1)


@pytest.mark.timeout(400)  # a failure takes its time to shrink
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=stories())
async def test_the_ledger_is_the_oracles_after_every_write(house: House, story: list[Step]) -> None:
    customer, oracle = f"c{next(_numbers)}", Oracle()
    assert (await house.put(f"/customers/{customer}", a_person())).status_code == 201
    for step in story:
        assert await _put(house, customer, step) == oracle.take(step)
        assert await _stored(house, customer) == _expected(oracle)
    assert await _told(house, customer) == _expected(oracle)


@pytest.mark.timeout(400)  # a failure takes its time to shrink
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=stories())
async def test_a_batch_is_its_lines_one_by_one(house: House, story: list[Step]) -> None:
    customer, oracle = f"c{next(_numbers)}", Oracle()
    lines = [{"kind": "customer", "customer_id": customer, **a_person()}, *(_line(customer, step) for step in story)]
    answer = (await house.batch(*lines, results="all")).json()
    assert [line["status"] for line in answer["results"]] == [201, *(oracle.take(step) for step in story)]
    assert await _stored(house, customer) == _expected(oracle)
    assert await _told(house, customer) == _expected(oracle)
