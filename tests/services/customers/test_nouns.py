"""Subscriptions, disputes and promises over HTTP: entered, changed, told, and shown again."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.services.customers.house import House
from tests.services.customers.sentences import (
    a_dispute,
    a_person,
    a_promise,
    a_subscription,
    an_invoice,
    in_dollars,
    pesos,
)

EUROS = {"amount": "1", "currency": "EUR"}
BODIES = {"subscriptions": a_subscription(), "disputes": a_dispute(), "promises": a_promise()}


@pytest.fixture
async def ana(house: House) -> House:
    """A house where Ana is registered."""
    await house.put("/customers/ana", a_person())
    return house


async def told(house: House) -> list[str]:
    """The types of the events after Ana's registration."""
    return [event.type for event in (await house.told())[1:]]


async def test_a_subscription_is_told_whole_and_remembers_when_it_changed(ana: House) -> None:
    body = a_subscription(amount="89900", interval="mensual", ended_on="2027-01-15")
    answer = await ana.put("/customers/ana/subscriptions/s1", body)
    expected = {
        **body,
        "customer_id": "ana",
        "subscription_id": "s1",
        "amount": pesos("89900.00"),
        "changed_on": [],
    }
    assert (answer.status_code, answer.json()) == (201, expected)
    assert (await ana.put("/customers/ana/subscriptions/s1", body)).status_code == 200

    ana.clock.moment = datetime(2026, 3, 12, 4, 59, tzinfo=UTC)  # still the 11th in Bogotá
    paused = {**body, "status": "paused", "amount": None}
    assert (await ana.put("/customers/ana/subscriptions/s1", paused)).json()["changed_on"] == ["2026-03-11"]
    await ana.put("/customers/ana/subscriptions/s1", body)
    ana.clock.moment = datetime(2026, 3, 12, 5, 0, tzinfo=UTC)
    await ana.put("/customers/ana/subscriptions/s1", body)
    answer = await ana.put("/customers/ana/subscriptions/s1", a_subscription())
    assert answer.json()["changed_on"] == ["2026-03-11", "2026-03-12"]
    assert await told(ana) == ["subscription.changed"] * 4
    assert (await ana.told())[-1].data == answer.json()
    assert (await ana.get("/customers/ana/subscriptions/s1")).json() == answer.json()


async def test_the_dates_of_subscriptions_and_the_due_date_of_promises_are_free(ana: House) -> None:
    ahead = a_subscription(started_on="2027-01-01", ended_on="2026-01-01")
    assert (await ana.put("/customers/ana/subscriptions/s1", ahead)).status_code == 201
    assert (await ana.put("/customers/ana/promises/m1", a_promise(due="2020-01-01"))).status_code == 201


async def test_a_dispute_is_opened_changed_closed_and_opened_again(ana: House) -> None:
    await ana.put("/customers/ana/invoices/f1", an_invoice())
    answer = await ana.put("/customers/ana/disputes/d1", a_dispute(category="cobro doble", invoice_id="f1"))
    assert (answer.status_code, answer.json()) == (
        201,
        {
            "customer_id": "ana",
            "dispute_id": "d1",
            "category": "cobro doble",
            "opened_on": "2026-03-01",
            "closed_on": None,
            "invoice_id": "f1",
        },
    )
    await ana.put("/customers/ana/disputes/d1", a_dispute(category="otra"))
    await ana.put("/customers/ana/disputes/d1", a_dispute(closed_on="2026-03-09"))
    await ana.put("/customers/ana/disputes/d1", a_dispute(closed_on="2026-03-10"))
    assert (await ana.put("/customers/ana/disputes/d1", a_dispute(closed_on="2026-03-10"))).status_code == 200
    await ana.put("/customers/ana/disputes/d1", a_dispute())
    assert (await told(ana))[1:] == [
        "dispute.opened",
        "dispute.changed",
        "dispute.closed",
        "dispute.changed",
        "dispute.changed",
    ]
    assert (await ana.told())[-1].data == (await ana.get("/customers/ana/disputes/d1")).json()


async def test_a_voided_invoice_cannot_be_contested_but_its_dispute_can_be_closed(ana: House) -> None:
    await ana.put("/customers/ana/invoices/f1", an_invoice())
    await ana.put("/customers/ana/disputes/d1", a_dispute(invoice_id="f1"))
    await ana.http.post("/v1/customers/ana/invoices/f1/void", json={})
    assert (await ana.put("/customers/ana/disputes/d1", a_dispute(invoice_id="f1"))).status_code == 200
    closed = await ana.put("/customers/ana/disputes/d1", a_dispute(invoice_id="f1", closed_on="2026-03-10"))
    assert closed.status_code == 200
    new = await ana.put("/customers/ana/disputes/d2", a_dispute(invoice_id="f1"))
    assert (new.status_code, new.json()["code"]) == (422, "unknown_invoice")


async def test_a_promise_can_be_cancelled_and_reinstated_and_nothing_else(ana: House) -> None:
    answer = await ana.put("/customers/ana/promises/m1", a_promise("50"))
    expected = {**a_promise(pesos("50.00")), "customer_id": "ana", "promise_id": "m1", "cancelled": False}
    assert (answer.status_code, answer.json()) == (201, expected)
    await ana.put("/customers/ana/promises/m1", a_promise("50.0", cancelled=True))
    assert (await ana.get("/customers/ana/promises/m1")).json()["cancelled"] is True
    assert (await ana.put("/customers/ana/promises/m1", a_promise("50", cancelled=True))).status_code == 200
    other = await ana.put("/customers/ana/promises/m1", a_promise("51", cancelled=True))
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    assert (await ana.put("/customers/ana/promises/m1", a_promise("50", due="2026-04-01"))).status_code == 409
    await ana.put("/customers/ana/promises/m1", a_promise("50"))
    assert await told(ana) == ["promise.made", "promise.cancelled", "promise.reinstated"]
    assert (await ana.told())[-1].data == expected


async def test_amounts_keep_the_currency_they_took(ana: House) -> None:
    await ana.put("/customers/ana/subscriptions/s1", a_subscription(amount="5"))
    await ana.put("/customers/ana/promises/m1", a_promise("5"))
    await ana.put("/customers/ana", a_person(currency="USD"))
    assert (await ana.put("/customers/ana/subscriptions/s1", a_subscription(amount="5"))).json()["changed_on"] == []
    assert (await ana.put("/customers/ana/promises/m1", a_promise("5"))).json()["amount"] == pesos("5.00")
    new = await ana.put("/customers/ana/promises/m2", a_promise("5"))
    assert new.json()["amount"] == in_dollars("5.00")


MISTAKES: list[tuple[str, dict[str, Any], str, str]] = [
    ("subscriptions", a_subscription(status="ended"), "unknown_choice", "/status"),
    ("subscriptions", a_subscription(product=" "), "required", "/product"),
    ("subscriptions", a_subscription(amount=5), "wrong_type", "/amount"),
    ("subscriptions", a_subscription(amount="-1"), "out_of_range", "/amount"),
    (
        "subscriptions",
        a_subscription(amount=EUROS),
        "unknown_currency",
        "/amount/currency",
    ),
    ("subscriptions", a_subscription(changed_on=[]), "unknown_field", "/changed_on"),
    ("subscriptions", {"product": "x", "status": "active"}, "required", "/started_on"),
    ("disputes", a_dispute("2026-03-11"), "date_in_future", "/opened_on"),
    ("disputes", a_dispute(closed_on="2026-03-11"), "date_in_future", "/closed_on"),
    ("disputes", a_dispute(invoice_id="f9"), "unknown_invoice", "/invoice_id"),
    ("disputes", a_dispute(invoice_id="f 9"), "invalid_id", "/invoice_id"),
    ("disputes", a_dispute(reason="x"), "unknown_field", "/reason"),
    ("disputes", {}, "required", "/opened_on"),
    ("promises", a_promise("0"), "out_of_range", "/amount"),
    ("promises", a_promise(5), "wrong_type", "/amount"),
    ("promises", a_promise(made_on="2026-03-11"), "date_in_future", "/made_on"),
    ("promises", a_promise(EUROS), "unknown_currency", "/amount/currency"),
    ("promises", a_promise(cancelled="true"), "wrong_type", "/cancelled"),
]


@pytest.mark.parametrize(("noun", "body", "code", "pointer"), MISTAKES)
async def test_the_mistake_is_named_and_nothing_stored(
    ana: House, noun: str, body: dict[str, Any], code: str, pointer: str
) -> None:
    answer = await ana.put(f"/customers/ana/{noun}/x", body)
    assert answer.status_code == 422, answer.text
    assert [(one["code"], one["pointer"]) for one in answer.json()["errors"]] == [(code, pointer)]
    assert (await ana.get(f"/customers/ana/{noun}/x")).status_code == 404
    assert await told(ana) == []


@pytest.mark.parametrize("noun", sorted(BODIES))
async def test_each_noun_is_listed_by_id_and_guarded_by_its_version(ana: House, noun: str) -> None:
    path = f"/customers/ana/{noun}"
    for name in ("b", "a", "c"):
        assert (await ana.put(f"{path}/{name}", BODIES[noun])).status_code == 201
    own_id = f"{noun[:-1]}_id"
    first = (await ana.get(path, limit=2)).json()
    second = (await ana.get(path, limit=2, cursor=first["next_cursor"])).json()
    assert [one[own_id] for one in first["items"] + second["items"]] == ["a", "b", "c"]
    assert second["next_cursor"] is None
    read = await ana.get(f"{path}/a")
    same = await ana.put(f"{path}/a", BODIES[noun], **{"If-Match": read.headers["etag"]})
    assert (same.status_code, same.headers["etag"]) == (200, read.headers["etag"])
    assert (await ana.put(f"{path}/a", BODIES[noun], **{"If-Match": '"x"'})).status_code == 412
    assert (await ana.put(f"{path}/a", BODIES[noun], **{"If-None-Match": "*"})).status_code == 412
    for missing in (f"/customers/nobody/{noun}", f"/customers/nobody/{noun}/a", f"{path}/z"):
        assert (await ana.get(missing)).status_code == 404
    assert (await ana.put(f"/customers/nobody/{noun}/a", BODIES[noun])).json()["code"] == "unknown_customer"


async def test_a_batch_brings_them_too(house: House) -> None:
    lines = [
        {"kind": "customer", "customer_id": "ana", **a_person()},
        {"kind": "invoice", "customer_id": "ana", "id": "f1", **an_invoice()},
        {"kind": "subscription", "customer_id": "ana", "id": "s1", **a_subscription()},
        {"kind": "subscription", "customer_id": "ana", "id": "s1", **a_subscription(status="paused")},
        {"kind": "dispute", "customer_id": "ana", "id": "d1", **a_dispute(invoice_id="f1")},
        {"kind": "promise", "customer_id": "ana", "id": "m1", **a_promise()},
        {"kind": "promise", "customer_id": "ana", "id": "m1", **a_promise(cancelled=True)},
        {"kind": "promise", "customer_id": "ana", "id": "m1", **a_promise("7")},
    ]
    answer = (await house.batch(*lines, results="all")).json()
    assert [one["status"] for one in answer["results"]] == [201, 201, 201, 200, 201, 201, 200, 409]
    assert (await house.get("/customers/ana/subscriptions/s1")).json()["changed_on"] == ["2026-03-10"]
    assert [event.sequence for event in await house.told()] == list(range(1, 8))


async def test_the_profile_shows_the_latest_first(ana: House) -> None:
    for noun, field in (("subscriptions", "started_on"), ("disputes", "opened_on"), ("promises", "made_on")):
        for name, day in (("a", "2026-01-02"), ("b", "2026-01-03"), ("c", "2026-01-01")):
            await ana.put(f"/customers/ana/{noun}/{name}", {**BODIES[noun], field: day})
    profile = (await ana.get("/customers/ana/profile")).json()
    for noun in BODIES:
        assert [one[f"{noun[:-1]}_id"] for one in profile[noun]] == ["b", "a", "c"]
        assert profile[noun][0] == (await ana.get(f"/customers/ana/{noun}/b")).json()
