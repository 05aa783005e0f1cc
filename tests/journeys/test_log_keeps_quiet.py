"""No personal data in the log, whatever happens to a customer: a canary goes through all three services, at debug
level, and through everything that can fail with it in hand.
"""

import io
import json
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import msgspec
import pytest

from services.segmenter.inbound.events import TYPES as SEGMENTER_HEARS
from shared.basics.errors import Unavailable
from shared.contracts import customers_v1
from shared.contracts.envelope import Envelope, encode_headers
from shared.database.engine import Database
from shared.http.client import ServiceClient
from shared.messaging import outbox
from shared.messaging.batch import Batch, Event, Record, read_record
from shared.messaging.producer import Producer
from shared.messaging.relay import Relay
from shared.messaging.taking import Taking
from shared.runtime.logging import configure_logging
from shared.runtime.loops import Loop, StopFlag, repeat, run_loops
from tests.services.customers import house as customers
from tests.services.segmenter.listener import Listener, SetClock
from tests.services.statements import house as statements
from tests.services.statements.sending import fail
from tests.services.statements.telling import registered
from tests.services.statements.thursday_run import THURSDAY, debtor
from tests.support.eventually import eventually

CANARY = "xqz"
ANA = "ana-1"
CALLER = "00-" + "c0ffee11" * 4 + "-00f067aa0ba902b7-01"
PERSON = {
    "type": "company",
    "name": "Xqz Nombre",
    "email": "xqz@andina.demo",
    "emails": ["otra.xqz@andina.demo"],
    "phone": "+57 300 xqz",
    "document": {"type": "NIT", "number": "900-XQZ-1", "country": "CO"},
    "portfolio": "cartera xqz",
}
INVOICE = {
    "issued_on": "2026-03-01",
    "due_on": "2026-03-05",
    "amount": "100",
    "number": "F-xqz",
    "product": "xqz",
    "description": "Servicio de Xqz",
    "lines": [{"description": "línea xqz", "amount": "100"}],
}
PAYMENT = {
    "status": "failed",
    "amount": "50",
    "occurred_at": "2026-03-10T13:00:00Z",
    "method": "xqz",
    "failure_reason": "sin fondos, xqz",
}


@dataclass
class Log:
    """What was written to the log so far."""

    output: io.StringIO

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.output.getvalue().splitlines()]

    def said(self, event: str) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["event"] == event]


@pytest.fixture
def log() -> Iterator[Log]:
    """Everything that anybody logs, at debug level, as a process of ours would write it."""
    output, handlers = io.StringIO(), logging.getLogger().handlers
    with redirect_stdout(output):
        configure_logging("tests", "tests", logging.DEBUG)
    try:
        yield Log(output)
    finally:
        configure_logging("tests", "tests")
        logging.getLogger().handlers = handlers


@pytest.fixture
async def books(log: Log, customers_database: str) -> AsyncIterator[customers.House]:
    async with customers.open_house(customers_database) as opened:
        yield opened


@pytest.fixture
async def judge(log: Log, segmenter_database: str) -> AsyncIterator[Database]:
    database = Database(segmenter_database, name="test")
    yield database
    await database.close()


@pytest.fixture
async def sender(log: Log, statements_database: str) -> AsyncIterator[statements.House]:
    async with statements.open_house(statements_database) as opened:
        yield opened


async def refuses(database: Database, table: str, column: str, value: str) -> None:
    """From now on the database refuses a value, and quotes the whole row in its refusal."""
    async with database.transaction() as connection:
        await connection.exec_driver_sql(
            f"ALTER TABLE {table} ADD CONSTRAINT no_canary CHECK ({column} <> '{value}') NOT VALID"
        )


async def writes(books: customers.House) -> None:
    """A customer with all that there is to say of it."""
    for path, body in (
        (f"/customers/{ANA}", PERSON),
        (f"/customers/{ANA}/invoices/f-1", INVOICE),
        (f"/customers/{ANA}/payments/p-1", PAYMENT),
    ):
        assert (await books.put(path, body)).status_code == 201


async def told(books: customers.House) -> list[Envelope]:
    async with books.database.transaction() as connection:
        return [event for _, event in await outbox.unsent(connection, "customers", 100)]


def record(envelope: Envelope, **changed: Any) -> Record:
    key, headers = envelope.key.encode(), encode_headers(envelope)
    return replace(Record(customers_v1.TOPIC, 0, envelope.sequence, key, headers, envelope.data), **changed)


async def runs_until(log: Log, loop: Loop, event: str) -> None:
    """A loop of a worker, until something was logged."""
    stop = StopFlag()

    async def stopper() -> bool:
        if log.said(event):
            stop.raise_it()
        return False

    await run_loops(stop, loop, repeat("watch", stopper, idle_seconds=0.05))


async def test_customers_writes_reads_refuses_and_fails(log: Log, books: customers.House) -> None:
    await writes(books)
    await books.get("/customers", name="xqz", email="xqz@andina.demo", document="900xqz1")
    assert (await books.put("/customers/otro", PERSON)).status_code == 409
    for wrong in ({**PERSON, "name": "xqz" * 999}, {**PERSON, "xqz": 1}, {**PERSON, "email": "xqz"}):
        assert (await books.put(f"/customers/{ANA}", wrong)).status_code == 422
    assert (await books.batch(b'{"kind": "customer", "name": "xqz', PERSON)).status_code == 200
    await refuses(books.database, "customers", "name", "Xqz Otro")
    failed = await books.put("/customers/bea-1", {**PERSON, "document": None, "name": "Xqz Otro"}, traceparent=CALLER)
    assert (failed.status_code, CANARY in failed.text.lower()) == (500, False)
    async with ServiceClient("http://127.0.0.1:9") as client:
        with pytest.raises(Unavailable):
            await client.get("/v1/customers", name="xqz")
    relay = Relay(books.database, Producer("127.0.0.1:9", customers_v1.TOPIC), "customers")
    await runs_until(log, relay.run, "relay_waits")

    assert CANARY not in log.output.getvalue().lower()
    [line] = log.said("request_failed")
    assert (line["trace_id"], line["customer_id"]) == ("c0ffee11" * 4, "bea-1")
    assert line["route"] == "/v1/customers/{customer_id}"
    assert "SQLSTATE 23514" in {one.get("words") for one in line["exception"]}


async def test_the_segmenter_applies_quarantines_and_fails(log: Log, books: customers.House, judge: Database) -> None:
    await writes(books)
    events = await told(books)
    taking = Taking(judge, Listener(judge, SetClock(date(2026, 3, 10))).events.apply, [customers_v1.TOPIC])
    bad = [record(events[0], offset=70, value=b'{"name": "xqz"'), record(events[1], offset=71, headers=[])]
    read = [read_record(one, SEGMENTER_HEARS) for one in bad]
    await taking.take(Batch(unreadable=[one for one in read if not isinstance(one, Event)]))
    good = [one for event in events if isinstance(one := read_record(record(event), SEGMENTER_HEARS), Event)]
    await refuses(judge, "customers", "name", "Xqz Nombre")
    await taking.take(Batch(good))

    assert CANARY not in log.output.getvalue().lower()
    assert [line["offset"] for line in log.said("record_quarantined")][:2] == [70, 71]
    assert len(log.said("batch_failed")) == 1
    line = log.said("event_failed")[0]
    assert (line["customer_id"], line["event_id"]) == (ANA, events[0].id)


async def test_statements_writes_sends_and_fails(log: Log, sender: statements.House) -> None:
    account = debtor("a")
    known = msgspec.structs.replace(registered(account).payload, name="Xqz Nombre", email="xqz@andina.demo")
    await sender.know(account)
    await sender.hear(replace(registered(account, 3), payload=known))
    assert (await sender.http.get("/v1/customers/a/statement")).status_code == 200
    await sender.put_rule("r", name="Regla xqz")
    sender.clock.set(THURSDAY)
    await sender.all_is_heard()
    for mode in ("fail_500", "accept_then_drop", "reject_429"):
        fail(sender, mode, seconds=0)
        await sender.work()
        await sender.skip_pauses()
    fail(sender, "none")
    await sender.work()
    assert statements.addresses(sender.mails) == ["xqz@andina.demo"]
    await refuses(sender.database, "addresses", "address", "xqz@andina.demo")
    sender.clock.set("2026-03-16T09:00:00-05:00")
    await sender.all_is_heard()
    steps = sender.steps()
    await steps.record_due_runs()
    await steps.advance_runs()
    await steps.plan_runs()
    await runs_until(log, repeat("prepare_mails", steps.prepare_mails, idle_seconds=0.05), "step_failed")

    assert CANARY not in log.output.getvalue().lower()


async def test_the_test_would_see_a_canary(log: Log) -> None:
    logging.getLogger("somebody").debug("Xqz")
    await eventually(lambda: CANARY in log.output.getvalue().lower())


def test_a_process_that_ends_with_an_error_says_so_in_the_log(log: Log) -> None:
    sys.excepthook(ValueError, ValueError("xqz"), None)
    assert log.said("process_failed")[0]["exception"] == [{"type": "ValueError", "at": []}]


def test_the_client_of_kafka_is_heard_seldom(log: Log) -> None:
    for tried in range(20):
        logging.getLogger("aiokafka.consumer.group_coordinator").error("Heartbeat failed: %s", tried)
    assert [line["event"] for line in log.lines] == ["Heartbeat failed: 0"]
