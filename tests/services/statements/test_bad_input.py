"""What is refused is refused with its place, and changes nothing: rules, queries, unsigned webhooks."""

import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.services.statements.house import House, open_house
from tests.services.statements.provider import event, signed, tell
from tests.support.databases import Databases


@pytest.fixture(scope="module")
async def house(_databases: Databases) -> AsyncIterator[House]:
    """One for all these tests: what they send is refused, so it stays as it is."""
    url = await _databases.create("statements")
    async with open_house(url) as opened:
        yield opened
    await _databases.drop(url)


@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        ({"attach_pdf": "yes"}, "/attach_pdf", "wrong_type"),
        ({"audience": {"where": "name"}}, "/audience/where", "wrong_type"),
        ({"contact_window": "AR"}, "/contact_window", "unknown_choice"),
        ({"min_days_between_contacts": -1}, "/min_days_between_contacts", "out_of_range"),
        ({"name": ...}, "/name", "required"),
        ({"name": None}, "/name", "required"),
        ({"time": "9:00"}, "/time", "wrong_type"),
        ({"time_zone": "America/Macondo"}, "/time_zone", "unknown_time_zone"),
        ({"frequency": {"type": "weekly"}}, "/frequency/weekdays", "required"),
        ({"frequency": {"type": "weekly", "weekdays": []}}, "/frequency/weekdays", "empty_list"),
        ({"frequency": {"type": "weekly", "weekdays": ["lunes"]}}, "/frequency/weekdays/0", "unknown_choice"),
        ({"frequency": {"type": "monthly", "day": 32}}, "/frequency/day", "out_of_range"),
        ({"frequency": {"type": "monthly", "day": 3, "weekdays": ["monday"]}}, "/frequency/weekdays", "not_allowed"),
        ({"content": {"type": "overdue"}}, "/content/min_days_overdue", "required"),
        ({"content": {"type": "overdue", "min_days_overdue": 0}}, "/content/min_days_overdue", "out_of_range"),
        ({"content": {"type": "full", "min_days_overdue": 5}}, "/content/min_days_overdue", "not_allowed"),
        ({"audience": {"customer_types": ["robot"]}}, "/audience/customer_types/0", "unknown_choice"),
        ({"catch_up_hours": 169}, "/catch_up_hours", "out_of_range"),
        ({"send_until": "09:00"}, "/send_until", "out_of_range"),
        ({"active_from": "2026-05-02", "active_until": "2026-05-01"}, "/active_until", "out_of_range"),
        ({"colour": "red"}, "/colour", "unknown_field"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_kept(
    house: House, changed: dict[str, Any], pointer: str, code: str
) -> None:
    answer = await house.put_rule("r", **changed)
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]
    assert (await house.get("/rules"))["items"] == []


@pytest.mark.parametrize(
    ("path", "pointer", "code"),
    [
        ("/runs?state=lost", "/query/state", "unknown_choice"),
        ("/runs?from=yesterday", "/query/from", "wrong_type"),
        ("/runs?cursor=abc", "/query/cursor", "invalid_cursor"),
        ("/rules?limit=501", "/query/limit", "out_of_range"),
        ("/rules/r/occurrences?after=9999-12-31T23:59:59Z", "/query/after", "out_of_range"),
        ("/rules/r/occurrences?after=0001-01-01T00:00:00Z", "/query/after", "out_of_range"),
        ("/runs/x/deliveries?reason=%00", "/query/reason", "invalid_format"),
        ("/customers/x/statement?min_days_overdue=0", "/query/min_days_overdue", "out_of_range"),
        ("/customers/x/statement?format=docx", "/query/format", "unknown_choice"),
        ("/customers/x/statement?content=part", "/query/content", "unknown_choice"),
        ("/customers/x/statement?min_days_overdue=5", "/query/min_days_overdue", "not_allowed"),
        ("/customers/x/statement?content=overdue&paid_within_days=5", "/query/paid_within_days", "not_allowed"),
        ("/deliveries/x/content?part=docx", "/query/part", "unknown_choice"),
    ],
)
async def test_what_is_wrong_in_a_query_is_named(house: House, path: str, pointer: str, code: str) -> None:
    answer = await house.http.get(f"/v1{path}")
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]


@pytest.mark.parametrize(
    "sign",
    [
        lambda: "",
        lambda: "v1=abc",
        lambda: "t=1,v1=" + "0" * 64,
        lambda: signed(b"{}", at=time.time() - 400),
        lambda: signed(b"{}", at=time.time() + 400),
        lambda: signed(b"{}", secret="another secret of some length"),
        lambda: signed(b"{ }"),
    ],
)
async def test_what_is_not_signed_as_ours_is_refused(house: House, sign: Callable[[], str]) -> None:
    headers = {"X-Cascada-Signature": sign()}
    answer = await house.http.post("/v1/gateway-events/local", content=b"{}", headers=headers)
    assert answer.status_code == 401


async def test_what_is_not_signed_at_all_is_refused(house: House) -> None:
    assert (await house.http.post("/v1/gateway-events/local", content=b"{}")).status_code == 401


async def test_a_signed_body_that_is_no_event_is_named(house: House) -> None:
    answer = await tell(house, {"event_id": "1", "type": "opened"})
    assert answer.status_code == 422
    assert {one["pointer"] for one in answer.json()["errors"]} == {"/type", "/delivery_id", "/address", "/at"}
    assert (await tell(house, event("x"), provider="sendgrid")).status_code == 404
