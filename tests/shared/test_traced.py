"""How traces pass from a request into the outbox, and through a batch to what the batch tells."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx
import msgspec
import pytest
from fastapi import APIRouter, FastAPI, Request
from opentelemetry.trace import StatusCode
from sqlalchemy import text

from shared.contracts.envelope import Envelope, decode_envelope, encode_headers
from shared.database.engine import Database
from shared.http.access import UsualScopes
from shared.http.app import create_app
from shared.http.client import ServiceClient
from shared.http.process import Process
from shared.messaging import outbox, traced
from shared.messaging.batch import Batch, Event
from shared.runtime import tracing
from tests.shared.conftest import a_hearer
from tests.shared.events import heard, registered
from tests.support.access import one_key
from tests.support.fixtures import NewDatabase
from tests.support.serving_app import serving_by_thread
from tests.support.traces import Traces, tracing_to_memory

KEY = "a-key-for-tests-only"
TRACE, SPAN = "ab" * 16, "cd" * 8
Way = Callable[[Database], AbstractAsyncContextManager[Any]]
CALLER = f"00-{TRACE}-{SPAN}-01"


@pytest.fixture
def traces() -> Iterator[Traces]:
    with tracing_to_memory() as found:
        yield found


@pytest.fixture
async def watched(traces: Traces, new_database: NewDatabase) -> AsyncIterator[Database]:
    """A database that was opened while tracing was on."""
    async with a_hearer(await new_database()) as found:
        yield found


def of_trace(envelope: Envelope, traceparent: str | None = CALLER) -> Event:
    return heard(msgspec.structs.replace(envelope, traceparent=traceparent))


def app_that_writes(database: Database, *events: Envelope) -> httpx.AsyncClient:
    router = APIRouter()

    @router.put("/things/{thing_id}")
    async def put_thing(thing_id: str) -> None:
        if thing_id == "broken":
            raise ValueError("Ana Canary")
        async with database.transaction() as connection:
            await outbox.put(connection, events)

    usual = UsualScopes(read="segments:read", write="segments:write")
    app = create_app(title="test", routers=[router], usual_scopes=usual, process=Process(callers=one_key(KEY)))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://test", headers={"X-Api-Key": KEY})


async def traces_in_outbox(database: Database) -> list[str | None]:
    async with database.transaction() as connection:
        return [event.traceparent for _, event in await outbox.unsent(connection, "test", 1000)]


async def test_what_a_request_writes_carries_its_trace(traces: Traces, watched: Database) -> None:
    async with app_that_writes(watched, registered("ana")) as http:
        await http.put("/v1/things/1?name=canary", headers={"traceparent": CALLER})
    told = traces.named("create customer.registered", TRACE)
    assert await traces_in_outbox(watched) == [f"00-{TRACE}-{told.context.span_id:016x}-01"]
    assert traces.ancestors(told) == ["PUT /v1/things/{thing_id}", SPAN]
    request = traces.named("PUT /v1/things/{thing_id}")
    assert dict(request.attributes or {}) == {
        "http.request.method": "PUT",
        "http.route": "/v1/things/{thing_id}",
        "http.response.status_code": 200,
    }


async def test_statements_of_a_request_are_seen_and_those_of_polling_are_not(traces: Traces, watched: Database) -> None:
    await traces_in_outbox(watched)
    assert traces.spans == []
    async with app_that_writes(watched, registered("ana")) as http:
        await http.put("/v1/things/1", headers={"traceparent": CALLER})
    insert = traces.named("INSERT", TRACE)
    assert str((insert.attributes or {})["db.query.text"]).startswith("INSERT INTO outbox")
    assert traces.ancestors(insert) == ["PUT /v1/things/{thing_id}", SPAN]


@pytest.mark.parametrize("way", [Database.transaction, Database.direct_transaction])
async def test_a_failed_statement_tells_its_kind_and_nobodys_data(traces: Traces, watched: Database, way: Way) -> None:
    with pytest.raises(Exception, match="canary"), tracing.at_work(tracing.start("work", "internal")):
        async with way(watched) as connection:
            await connection.execute(text("SELECT CAST(CAST(:value AS text) AS integer)"), {"value": "canary"})
    failed = traces.named("SELECT")
    assert failed.status.status_code is StatusCode.ERROR
    assert (failed.attributes or {})["error.type"] == "22P02"
    assert "canary" not in "".join(span.to_json() for span in traces.spans)


async def test_a_request_that_fails_is_a_failed_span_without_words(traces: Traces, watched: Database) -> None:
    async with app_that_writes(watched) as http:
        assert (await http.put("/v1/things/broken")).status_code == 500
    failed = traces.named("PUT /v1/things/{thing_id}")
    assert (failed.status.status_code, (failed.attributes or {})["error.type"]) == (StatusCode.ERROR, "ValueError")
    assert "Canary" not in failed.to_json()


async def test_each_event_of_a_batch_is_in_its_own_trace_and_so_is_what_it_causes(
    traces: Traces, watched: Database
) -> None:
    other = f"00-{'ef' * 16}-{SPAN}-01"
    batch = Batch([of_trace(registered("ana")), of_trace(registered("bea"), other), heard(registered("caro"))])
    with traced.heard(batch):
        async with watched.transaction() as connection:
            await outbox.put(connection, [registered(name, 2) for name in ("ana", "bea", "caro")])
    for trace in (TRACE, "ef" * 16):
        caused = traces.named("create customer.registered", trace)
        assert traces.ancestors(caused) == ["process customer.registered", SPAN]
    assert [one is None for one in await traces_in_outbox(watched)] == [False, False, True]
    whole = traces.named("apply batch")
    assert traces.ancestors(traces.named("INSERT")) == ["apply batch"]
    processed = [span for span in traces.spans if span.name == "process customer.registered"]
    assert {link.context.span_id for link in whole.links} == {span.context.span_id for span in processed}
    assert {link.context.span_id for span in processed for link in span.links} == {whole.context.span_id}


async def test_the_last_event_of_a_customer_has_what_the_batch_tells_of_it(traces: Traces, watched: Database) -> None:
    later = f"00-{'ef' * 16}-{SPAN}-01"
    with traced.heard(Batch([of_trace(registered("ana")), of_trace(registered("ana", 2), later)])):
        assert [tracing.trace_id_of(one) for one in traced.traceparents([registered("ana", 3)])] == ["ef" * 16]


async def test_of_a_history_load_no_event_is_followed(traces: Traces) -> None:
    past = of_trace(msgspec.structs.replace(registered("ana"), history=True))
    with traced.heard(Batch([past])):
        assert traced.traceparents([registered("ana", 2)]) == [None]
    assert traces.spans == []


async def test_many_events_of_one_request_carry_the_request(traces: Traces) -> None:
    with tracing.at_work(tracing.start("request", "server", parent=CALLER)) as request:
        told = traced.traceparents([registered(f"c{n}") for n in range(101)])
    assert set(told) == {tracing.traceparent_of(request)}
    assert len(traces.spans) == 1


async def test_callers_that_do_not_keep_their_trace_leave_none(traces: Traces, watched: Database) -> None:
    async with app_that_writes(watched, registered("ana")) as http:
        await http.put("/v1/things/1", headers={"traceparent": CALLER[:-1] + "0"})
    assert (traces.spans, await traces_in_outbox(watched)) == ([], [None])


async def test_no_trace_is_kept_where_none_is_wanted(watched: Database) -> None:
    tracing.stop_tracing()
    with tracing_to_memory(share=0.0) as kept:
        async with app_that_writes(watched, registered("ana")) as http:
            await http.put("/v1/things/1")
        assert kept.spans == []


async def test_calls_of_others_join_and_leave_their_query_out(traces: Traces) -> None:
    seen: list[str | None] = []
    router = APIRouter()

    @router.get("/echo")
    async def echo() -> None:
        seen.append(tracing.current())

    usual = UsualScopes(read="segments:read", write="segments:write")
    app = create_app(title="test", routers=[router], usual_scopes=usual, process=Process(callers=one_key(KEY)))
    with serving_by_thread(app) as url:
        async with ServiceClient(url, KEY) as client:
            with tracing.at_work(tracing.start("work", "internal", parent=CALLER)):
                await client.get("/v1/echo", name="canary")
            await client.get("/v1/echo")
    assert traces.ancestors(traces.named("GET /v1/echo")) == ["GET", "work", SPAN]
    assert [tracing.trace_id_of(one) for one in seen] == [TRACE, None]
    assert "canary" not in "".join(span.to_json() for span in traces.spans)


async def test_while_tracing_is_off_the_callers_trace_is_handed_on_as_it_came(database: Database) -> None:
    async with app_that_writes(database, registered("ana")) as http:
        await http.put("/v1/things/1", headers={"traceparent": CALLER})
        await http.put("/v1/things/1")
        await http.put("/v1/things/1", headers={"traceparent": f"00-{'0' * 32}-{SPAN}-01"})
    assert await traces_in_outbox(database) == [CALLER, None, None]


async def test_while_tracing_is_off_what_a_batch_tells_has_the_trace_of_what_it_heard(database: Database) -> None:
    with traced.heard(Batch([of_trace(registered("ana")), heard(registered("eva"))])):
        assert (tracing.current(), tracing.moment("run", "internal")) == (None, None)
        async with database.transaction() as connection:
            await outbox.put(connection, [registered("ana"), registered("eva")])
    assert await traces_in_outbox(database) == [CALLER, None]


def test_spans_reach_the_collector_that_is_named() -> None:
    got: list[tuple[str, bytes]] = []
    collector = FastAPI()

    @collector.post("/{path:path}")
    async def take(path: str, request: Request) -> None:
        got.append((path, await request.body()))

    with serving_by_thread(collector) as url:
        tracing.start_tracing("customers", "api", url, 1.0)
        tracing.moment("a span of this test", "internal")
        tracing.stop_tracing()
    [(path, sent)] = got
    assert path == "v1/traces"
    assert b"a span of this test" in sent
    assert b"cascada" in sent


def test_without_a_collector_there_is_no_tracing() -> None:
    tracing.start_tracing("customers", "api", None, 1.0)
    assert not tracing.is_on()


def test_the_header_is_there_once_or_not_at_all() -> None:
    plain = registered("ana")
    assert "traceparent" not in dict(encode_headers(plain))
    told = of_trace(plain).envelope
    assert [raw for name, raw in encode_headers(told) if name == "traceparent"] == [CALLER.encode()]
    assert decode_envelope(b"ana", encode_headers(told), told.data).traceparent == CALLER


def test_what_is_no_traceparent_names_no_trace() -> None:
    assert [tracing.trace_id_of(one) for one in (None, "", "canary", CALLER)] == [None, None, None, TRACE]
