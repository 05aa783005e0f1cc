"""Bad input is refused with a problem that names the place; nothing of it is stored, and good lines are kept."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.journeys.cascada import Cascada
from tests.journeys.same_day.day import days_ago
from tests.journeys.wire import ndjson
from tests.oracle.accounts import account, an_invoice

Call = Callable[[Cascada], Awaitable[httpx.Response]]
ID = "mala-1"

INVOICE = {"issued_on": "2026-02-01", "due_on": "2026-03-01", "amount": {"amount": "100", "currency": "COP"}}
PAYMENT = {"status": "succeeded", "amount": "10", "occurred_at": "2026-02-10T10:00:00-05:00"}
CUSTOMER = {"type": "person", "name": "Ana"}


@pytest.fixture(scope="module", autouse=True)
async def somebody(cascada: Cascada) -> None:
    """A customer with one invoice of 100, whom every bad call is about."""
    await cascada.tell(account(an_invoice("100", invoice_id="f-1", issued_on=days_ago(30)), customer_id=ID))


def put(path: str, body: dict[str, Any]) -> Call:
    return lambda cascada: cascada.customers.put(f"/customers/{ID}{path}", json=body)


def draft_rule(rule: dict[str, Any]) -> Call:
    body = {"name": "Malo", "rule": rule, "flow_id": None}
    return lambda cascada: cascada.segmenter.put("/cascade/draft/segments/malo", json=body)


TWICE = [{"invoice_id": "f-1", "amount": "8"}, {"invoice_id": "f-1", "amount": "3"}]
NUMBER, EURO = {"amount": 100, "currency": "COP"}, {"amount": "100", "currency": "EUR"}
UNKNOWN = {"all": [{"variable": "saldo", "operator": "gt", "value": 1}]}
TEXT = {"variable": "failed_payments", "operator": "gt", "value": "1"}
AGING = {"not": {"variable": "days_past_due", "operator": "gt", "value": 1}}

BAD = [
    (draft_rule(UNKNOWN), "unknown_variable", "/rule/all/0/variable"),
    (draft_rule(TEXT), "wrong_type", "/rule/value"),
    (draft_rule(AGING), "aging_not_segmentable", "/rule/not/variable"),
    (put("", {**CUSTOMER, "variables": {"sin_declarar": 1}}), "unknown_variable", "/variables/sin_declarar"),
    (put("", {**CUSTOMER, "currency": "EUR"}), "unknown_currency", "/currency"),
    (put("/invoices/f-2", {**INVOICE, "amount": 100}), "wrong_type", "/amount"),
    (put("/invoices/f-2", {**INVOICE, "amount": NUMBER}), "wrong_type", "/amount/amount"),
    (put("/invoices/f-2", {**INVOICE, "amount": EURO}), "unknown_currency", "/amount/currency"),
    (put("/payments/p-1", {**PAYMENT, "allocations": TWICE}), "allocations_exceed_amount", "/allocations"),
    (put("/payments/p-1", {**PAYMENT, "importe": "10"}), "unknown_field", "/importe"),
    (put("/payments/p-1", {**PAYMENT, "occurred_at": "2026-03-03T10:00:00-05:00"}), "date_in_future", "/occurred_at"),
]


@pytest.mark.parametrize(("call", "code", "pointer"), BAD, ids=[f"{code} at {pointer}" for _, code, pointer in BAD])
async def test_it_is_refused_at_its_place_and_nothing_is_stored(
    cascada: Cascada, call: Call, code: str, pointer: str
) -> None:
    before = await _state(cascada)
    answer = await call(cascada)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert [(error["code"], error["pointer"]) for error in answer.json()["errors"]] == [(code, pointer)]
    assert await _state(cascada) == before


async def test_a_body_over_the_limit_is_not_even_read(cascada: Cascada) -> None:
    before = await _state(cascada)
    answer = await put("", {**CUSTOMER, "name": "a" * (1024 * 1024)})(cascada)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert await _state(cascada) == before


async def test_good_lines_are_kept_when_others_are_bad(cascada: Cascada) -> None:
    good = ndjson([{"kind": "customer", "customer_id": "mala-2", **CUSTOMER}])
    malformed = b'{"kind": "payment", "customer_id": "mala-2"\n'
    wrong = ndjson([{"kind": "invoice", "customer_id": "mala-2", "id": "f-1", **INVOICE, "amount": 5}])
    stranger = ndjson([{"kind": "invoice", "customer_id": "mala-nadie", "id": "f-1", **INVOICE}])
    also_good = ndjson([{"kind": "invoice", "customer_id": "mala-2", "id": "f-2", **INVOICE}])
    answer = await cascada.batch(good + malformed + wrong + stranger + also_good)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["accepted"], told["unchanged"], told["failed"]) == (2, 0, 3)
    assert [(bad["line"], bad["status"]) for bad in told["results"]] == [(2, 400), (3, 422), (4, 404)]
    assert told["results"][0]["code"] == "malformed_json"
    assert [error["pointer"] for error in told["results"][1]["errors"]] == ["/amount"]
    invoices = (await cascada.customers.get("/customers/mala-2/invoices")).json()["items"]
    assert [invoice["invoice_id"] for invoice in invoices] == ["f-2"]


async def test_without_the_key_nobody_comes_in(cascada: Cascada) -> None:
    for service in (cascada.customers, cascada.segmenter, cascada.statements):
        answer = await service.get("/status", headers={"X-Api-Key": "otra"})
        assert answer.status_code == 401


async def _state(cascada: Cascada) -> str:
    """Everything a bad call could have changed: the customer and the draft, as they stand."""
    snapshot = (await cascada.customers.get(f"/customers/{ID}/snapshot")).json()
    draft = (await cascada.segmenter.get("/cascade/draft")).json()
    names = [(segment["segment_id"], segment["name"]) for segment in draft["segments"]]
    return json.dumps([snapshot, names])
