"""What repair and audit rest on: a snapshot is the customer's events folded, heads are where the sequences stand."""

from typing import Any

import msgspec
import pytest

from services.customers.usecases import tell_snapshots
from shared.contracts.customers_snapshots import Snapshot
from tests.services.customers.folding import folded
from tests.services.customers.house import House
from tests.services.customers.sentences import (
    a_dispute,
    a_failure,
    a_payment,
    a_person,
    a_promise,
    a_subscription,
    a_variable,
    an_invoice,
    in_dollars,
)


async def test_a_snapshot_is_the_events_folded(house: House) -> None:
    await house.put("/customers/ana", a_person())
    await house.put("/customers/ana/payments/p2", a_payment("30"))
    await house.put("/customers/ana/invoices/f2", an_invoice("50", lines=[{"description": "Consumo", "amount": "50"}]))
    await house.put("/customers/ana/invoices/f1", an_invoice(in_dollars("7")))
    await house.put("/customers/ana/invoices/f2", an_invoice("50", due="2026-04-01"))
    await house.put("/customers/ana/payments/p1", a_payment("100"))
    await house.put("/customers/ana/payments/p3", a_failure(in_dollars("7")))
    await house.put("/customers/ana", a_person("Ana María", email="ana@correo.demo"))
    await house.put("/customers/ana/subscriptions/s1", a_subscription(amount="5"))
    await house.put("/customers/ana/disputes/d1", a_dispute(invoice_id="f1"))
    await house.put("/customers/ana/promises/m1", a_promise())
    await house.put("/customers/ana/promises/m1", a_promise(cancelled=True))
    await house.put("/customers/ana/subscriptions/s1", a_subscription(status="cancelled"))
    answer = await house.get("/customers/ana/snapshot")
    snapshot = answer.json()
    told = await house.told()
    assert (snapshot.pop("customer_id"), snapshot.pop("epoch"), snapshot.pop("seq")) == ("ana", 1, len(told))
    assert snapshot == {"erased": False, **folded(told)}
    assert [one["due_on"] for one in snapshot["invoices"][1]["due_dates"]] == ["2026-02-15", "2026-04-01"]
    assert msgspec.json.decode(answer.content, type=Snapshot).seq == 13


async def lines(house: House, **params: Any) -> list[dict[str, Any]]:
    """The stream, line by line."""
    answer = await house.get("/snapshots", **params)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert answer.content.endswith(b"\n") or not answer.content
    return [msgspec.json.decode(line) for line in answer.content.split(b"\n") if line]


async def test_all_snapshots_are_each_customers_own_after_the_variables(house: House) -> None:
    await house.put("/variables/cupo", a_variable("money"))
    await house.put("/variables/asesor", a_variable("text"))
    await house.put("/variables/cupo", a_variable("money", description="Cupo aprobado"))
    for name in ("c", "B", "a"):
        await house.put(f"/customers/{name}", a_person(variables={"asesor": "Luz\u2028Marina"}))
        await house.put(f"/customers/{name}/invoices/f1", an_invoice("50"))
        await house.put(f"/customers/{name}/payments/p1", a_payment("30"))
    assert (await house.http.delete("/v1/customers/c")).status_code == 204
    told = await lines(house)
    assert told[-1]["erased"]
    assert [(one["variable"]["key"], one["epoch"], one["sequence"]) for one in told[:2]] == [
        ("asesor", 1, 1),
        ("cupo", 1, 2),
    ]
    assert told[2:] == [(await house.get(f"/customers/{name}/snapshot")).json() for name in ("B", "a", "c")]


async def test_all_snapshots_go_on_after_an_id_without_the_variables(house: House) -> None:
    await house.put("/variables/cupo", a_variable("money"))
    for name in ("a", "b", "c"):
        await house.put(f"/customers/{name}", a_person())
    assert [one["customer_id"] for one in await lines(house, after="a")] == ["b", "c"]
    assert await lines(house, after="c") == []


async def test_pages_of_snapshots_join_without_a_seam(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tell_snapshots, "PAGE", 2)
    names = [f"c{number}" for number in range(4)]
    for name in names:
        await house.put(f"/customers/{name}", a_person())
    assert [one["customer_id"] for one in await lines(house)] == names


async def test_heads_tell_how_far_each_customer_is(house: House) -> None:
    for name in ("c", "B", "a"):
        await house.put(f"/customers/{name}", a_person())
    await house.put("/customers/B/payments/p1", a_payment())
    first = (await house.get("/heads", limit=2)).json()
    assert first == {
        "items": [{"customer_id": "B", "epoch": 1, "seq": 2}, {"customer_id": "a", "epoch": 1, "seq": 1}],
        "next_cursor": "a",
    }
    second = (await house.get("/heads", limit=2, after="a")).json()
    assert second == {"items": [{"customer_id": "c", "epoch": 1, "seq": 1}], "next_cursor": None}


async def test_status_says_what_waits_for_kafka(house: House) -> None:
    await house.put("/customers/ana", a_person())
    assert (await house.get("/status")).json() == {
        "service": "customers",
        "version": "1",
        "business_time_zone": "America/Bogota",
        "currencies": ["COP", "USD"],
        "as_of": "2026-03-10",
        "outbox_unsent": 1,
    }
