"""Whatever bytes a batch holds, it is answered: each line in its place, and never with an error of ours."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.services.customers.house import House, open_house
from tests.services.customers.sentences import (
    a_dispute,
    a_payment,
    a_person,
    a_promise,
    a_subscription,
    a_variable,
    an_invoice,
    for_invoice,
)
from tests.support.databases import Databases

MEBIBYTE = 1024 * 1024
SOUND: list[dict[str, Any]] = [
    {"kind": "variable", "id": "cupo", **a_variable("money")},
    {"kind": "variable", "id": "nivel", **a_variable("choice", choices=["oro"])},
    {"kind": "customer", "customer_id": "ana", **a_person(document={"type": "CC", "number": "1"}, emails=["a@b.co"])},
    {"kind": "customer", "customer_id": "ana", "merge": True, "variables": {"cupo": "5", "nivel": "oro"}},
    {"kind": "invoice", "customer_id": "ana", "id": "f1", **an_invoice(lines=[{"description": "x", "amount": "1"}])},
    {"kind": "payment", "customer_id": "ana", "id": "p1", **a_payment(allocations=[for_invoice("f1", "5")])},
    {"kind": "subscription", "customer_id": "ana", "id": "s1", **a_subscription(amount="5")},
    {"kind": "dispute", "customer_id": "ana", "id": "d1", **a_dispute(invoice_id="f1")},
    {"kind": "promise", "customer_id": "ana", "id": "m1", **a_promise()},
]
MORE = "currency registered_on email phone time_zone country language risk_score do_not_contact_until archived ended_on"
NAMES = sorted({name for line in SOUND for name in line} | set(MORE.split()))
NASTY: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([10**400, -1, 1e308, 0.1, "", " ", "\x00", "ñ", "\u202e", "1e400", "-0", "9" * 25, "0001-01-01"]),
    st.sampled_from(["9999-12-31", "2026-02-30", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00", "a@b"]),
    st.text(max_size=20),
    st.floats(allow_nan=False, allow_infinity=False),
)
VALUES = st.recursive(
    NASTY, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)


@st.composite
def bent_lines(draw: st.DrawFn) -> bytes:
    """A sound line with some of its fields replaced, dropped or added."""
    line = dict(draw(st.sampled_from(SOUND)))
    for name in draw(st.lists(st.sampled_from(NAMES), max_size=3)):
        if draw(st.booleans()):
            line[name] = draw(VALUES)
        else:
            line.pop(name, None)
    return json.dumps(line, ensure_ascii=draw(st.booleans())).encode("utf-8", errors="surrogatepass")


@st.composite
def broken_lines(draw: st.DrawFn) -> bytes:
    """A bent line with some bytes changed."""
    line = bytearray(draw(bent_lines()))
    for _ in range(draw(st.integers(0, 3))):
        line[draw(st.integers(0, len(line) - 1))] = draw(st.integers(0, 255))
    return bytes(line)


LINES = st.lists(st.one_of(bent_lines(), broken_lines(), st.binary(max_size=60)), min_size=1, max_size=12)
CELLS = st.one_of(
    st.sampled_from(["customer", "invoice", "payment", "promise", "ana", "f1", "true", "COP", '"', ",", "\r", "\x00"]),
    st.text(max_size=12),
)
HEADERS = st.lists(
    st.sampled_from([*NAMES, "variables.cupo", "variables.0", "emails.0", "lines.0.amount", "a..b", ""]),
    min_size=1,
    max_size=12,
)


@pytest.fixture(scope="module")
async def house(_databases: Databases) -> AsyncIterator[House]:
    """One for all: what is sound is taken, the rest refused."""
    url = await _databases.create("customers")
    async with open_house(url) as opened:
        await opened.batch(*SOUND)
        yield opened
    await _databases.drop(url)


async def post(house: House, content: bytes, media_type: str = "application/x-ndjson") -> httpx.Response:
    headers = {"content-type": media_type}
    return await house.http.post("/v1/batches", content=content, params={"results": "all"}, headers=headers)


def check_answered(answer: httpx.Response) -> list[dict[str, Any]]:
    """The lines' answers, none of them an error of ours."""
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    assert all(line["status"] < 500 for line in body["results"])
    assert body["accepted"] + body["unchanged"] + body["failed"] == len(body["results"])
    results: list[dict[str, Any]] = body["results"]
    return results


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES)
async def test_any_lines_are_answered_each_in_its_place(house: House, lines: list[bytes]) -> None:
    content = b"\n".join(lines)
    expected = [number for number, raw in enumerate(content.split(b"\n"), start=1) if raw.strip()]
    assert [line["line"] for line in check_answered(await post(house, content))] == expected


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(header=HEADERS, rows=st.lists(st.lists(CELLS, max_size=12), max_size=8), quoted=st.booleans())
async def test_any_rows_are_answered(house: House, header: list[str], rows: list[list[str]], quoted: bool) -> None:
    mark = '"' if quoted else ""
    lines = [",".join(f"{mark}{cell}{mark}" for cell in row[: len(header)]) for row in rows]
    content = "\n".join([",".join(header), *lines]).encode("utf-8", errors="surrogatepass")
    answer = await post(house, content, "text/csv")
    if answer.status_code != 400:
        check_answered(answer)
    else:
        assert answer.json()["code"] == "malformed_csv"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=200))
async def test_any_bytes_as_a_table_are_answered(house: House, content: bytes) -> None:
    assert (await post(house, content, "text/csv")).status_code in (200, 400)


LINE = b'{"kind": "customer", "customer_id": "x", "type": "person", "name": '
PROMISE = (
    b'{"kind": "promise", "customer_id": "ana", "id": "x", "made_on": "2026-03-01", "due_on": "2026-03-02", "amount": '
)


@pytest.mark.parametrize(
    ("line", "status", "code"),
    [
        (LINE + b'"Ana", "name": "Eva"}', 400, "malformed_json"),
        (LINE + rb'"Ana", "n\u0061me" : "Eva"}', 400, "malformed_json"),
        (LINE + rb'"\": \":", "tags": 1}', 422, "unknown_field"),
        (LINE + b'"Ana", "document": {"type": "CC", "number": "1", "number": "2"}}', 400, "malformed_json"),
        (LINE + b'"' + b"x" * MEBIBYTE + b'"}', 413, "body_too_large"),
        (LINE + b'"' + b"x" * (MEBIBYTE - 200) + b'"}', 422, "too_long"),
        (LINE + b"[" * 100_000 + b"]" * 100_000 + b"}", 400, "malformed_json"),
        (LINE + b"[" * 900 + b"]" * 900 + b"}", 422, "wrong_type"),
        (LINE + b'"\xff\xfe"}', 400, "malformed_json"),
        (LINE + b'"\xed\xa0\x80"}', 400, "malformed_json"),
        (LINE + rb'"\ud800"}', 400, "malformed_json"),
        (LINE + rb'"\u0000"}', 422, "wrong_type"),
        (LINE + b'"a\x00b"}', 400, "malformed_json"),
        (LINE + b"NaN}", 400, "malformed_json"),
        (LINE + b"9" * 6000 + b"}", 400, "malformed_json"),
        (LINE + b'"Ana"} {}', 400, "malformed_json"),
        (b"\xef\xbb\xbf" + LINE + b'"Ana"}', 400, "malformed_json"),
        (PROMISE + b"5.5}", 422, "wrong_type"),
        (PROMISE + b'"5.5", "cancelled": 1}', 422, "wrong_type"),
    ],
)
async def test_the_worst_lines_have_their_codes(house: House, line: bytes, status: int, code: str) -> None:
    [answered] = check_answered(await post(house, line))
    assert (answered["status"], answered["code"]) == (status, code)
    assert (await house.get("/customers/x")).status_code == 404
