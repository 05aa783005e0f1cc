"""One trace from a request that writes a payment to the mail that its alert sends: real PostgreSQL, Kafka, gateway."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, date, datetime

from sqlalchemy import text

from services.customers.outbound import events as customers_events
from services.segmenter.inbound.events import TYPES as SEGMENTER_HEARS
from services.segmenter.outbound.cascade import SOURCE as SEGMENTER
from services.statements.inbound.events import SEQUENCED
from services.statements.inbound.events import TYPES as STATEMENTS_HEARS
from shared.contracts import customers_v1, segments_v1
from shared.database.engine import Database
from shared.messaging.batch import Batch, Types
from shared.messaging.consumer import Consumer
from shared.messaging.producer import Producer
from shared.messaging.relay import Relay
from shared.messaging.taking import Taking
from shared.runtime.clock import Clock
from shared.runtime.loops import StopFlag
from tests.services.customers import house as customers
from tests.services.segmenter import house as segmenter
from tests.services.segmenter.listener import SetClock, a_segment
from tests.services.segmenter.test_alerts import puts
from tests.services.statements import house as statements
from tests.support.eventually import eventually
from tests.support.traces import tracing_to_memory

ANA = "ana-of-the-trace"
CALLER = "00-" + "5ca1ab1e" * 4 + "-00f067aa0ba902b7-01"
TRACE = "5ca1ab1e" * 4
FAILING = a_segment("fallidos", variable="failed_payments", operator="gt", value=0)
ALERT = {
    "name": "Falló",
    "when": {"variable": "failed_payments", "operator": "gt", "value": 0},
    "action": "message",
    "message": {"subject": {"es": "Su pago"}, "body": {"es": "No pudimos cobrar."}},
}


@asynccontextmanager
async def hearing(
    bootstrap: str, database: Database, types: Types, apply: Callable[[Batch], Awaitable[None]], clock: Clock
) -> AsyncIterator[None]:
    """A service's consumer at work, in a group of its own."""
    stop = StopFlag()
    taking = Taking(database, apply, SEQUENCED)
    working = asyncio.create_task(Consumer(bootstrap, secrets.token_hex(8), types, taking.take, clock).run(stop))
    try:
        yield
    finally:
        stop.raise_it()
        await asyncio.wait_for(working, 20)


async def relay(bootstrap: str, database: Database, topic: str, source: str) -> None:
    """Hand all that a service has to tell to Kafka."""
    producer = Producer(bootstrap, topic)
    while await Relay(database, producer, source).send_batch():
        pass
    await producer.close()


async def writes(house: customers.House) -> None:
    """A customer, untraced; then a failed payment, whose caller traces."""
    body = {"type": "person", "name": "Ana", "email": "ana@andina.demo", "country": "CO"}
    assert (await house.put(f"/customers/{ANA}", body)).status_code == 201
    payment = {"status": "failed", "amount": "100", "occurred_at": "2026-03-10T13:00:00Z"}
    path = f"/customers/{ANA}/payments/p-1"
    assert (await house.put(path, payment, traceparent=CALLER)).status_code == 201


async def a_message_is_wanted(database: Database) -> bool:
    async with database.transaction() as connection:
        planned = await connection.execute(
            text("SELECT count(*) FROM messages JOIN customers USING (customer_id) WHERE seq > 1")
        )
        return int(planned.scalar_one()) == 1


async def test_a_failed_payment_and_the_mail_it_causes_are_one_trace(
    customers_database: str, segmenter_database: str, statements_database: str, kafka_bootstrap: str
) -> None:
    async with AsyncExitStack() as opened:
        traces = opened.enter_context(tracing_to_memory())
        books = await opened.enter_async_context(customers.open_house(customers_database))
        judged = Database(segmenter_database, name="test")
        opened.push_async_callback(judged.close)
        judge = await opened.enter_async_context(segmenter.open_house(judged, SetClock(date(2026, 3, 10))))
        sender = await opened.enter_async_context(statements.open_house(statements_database))

        await judge.segmenter.refreshes(FAILING)
        await puts(judge, "fallo", **ALERT)
        await writes(books)
        await relay(kafka_bootstrap, books.database, customers_v1.TOPIC, customers_events.SOURCE)
        events = judge.segmenter.events
        async with hearing(kafka_bootstrap, judged, SEGMENTER_HEARS, events.apply, judge.segmenter.clock):
            await eventually(lambda: _is_in(judge, "fallidos"), within=40)
        await relay(kafka_bootstrap, judged, segments_v1.TOPIC, SEGMENTER)
        async with hearing(kafka_bootstrap, sender.database, STATEMENTS_HEARS, sender.events.apply, sender.clock):
            await eventually(lambda: a_message_is_wanted(sender.database), within=40)
        sender.clock.moment = datetime(2026, 3, 10, 18, tzinfo=UTC)
        await sender.work()
        assert [mail.subject for mail in sender.mails] == ["Su pago"]

    names = {span.name for span in traces.of(TRACE)}
    assert {"create segment.assigned", "process segment.assigned", "process alert.raised"} <= names
    assert "create statement.sent" in names
    [call] = [span for span in traces.of(TRACE) if span.name == "POST"]
    assert str((call.attributes or {})["http.url"]).endswith("/send")
    assert traces.ancestors(call) == [
        "send mail",
        "create alert.raised",
        "process payment.failed",
        "create payment.failed",
        "PUT /v1/customers/{customer_id}/payments/{payment_id}",
        "00f067aa0ba902b7",
    ]


async def _is_in(judge: segmenter.House, segment: str) -> bool:
    return await judge.segmenter.segment_of(ANA) == segment
