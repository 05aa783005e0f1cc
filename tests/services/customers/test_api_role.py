"""The api role as it runs: what is written over HTTP reaches Kafka, each customer's events in order."""

import asyncio

import httpx
from aiokafka import AIOKafkaConsumer
from aiokafka.structs import ConsumerRecord

from services.customers.settings import Settings
from services.customers.wiring.api import api
from shared.basics.access import SCOPES
from shared.contracts.customers_v1 import TOPIC, InvoiceEvent, PaymentEvent
from shared.contracts.envelope import decode_data, decode_envelope
from shared.database.engine import Database
from shared.database.keys import Keys
from tests.services.customers.house import KEY
from tests.services.customers.sentences import a_payment, a_person, an_invoice
from tests.support.eventually import eventually

CUSTOMER = "ana-of-the-api-role"


def _settings(database_url: str, bootstrap: str) -> Settings:
    return Settings.model_validate(
        {
            "environment": "local",
            "customers_database_url": database_url,
            "kafka_bootstrap_servers": bootstrap,
            "service_api_key": KEY,
        }
    )


async def _let_in(database_url: str) -> None:
    database = Database(database_url, name="test")
    await Keys(database).enter(KEY, "test", SCOPES, None)
    await database.close()


async def _write(http: httpx.AsyncClient) -> None:
    await http.put(f"/v1/customers/{CUSTOMER}", json=a_person())
    await http.put(f"/v1/customers/{CUSTOMER}/invoices/f1", json=an_invoice("10"))
    await asyncio.gather(
        *(http.put(f"/v1/customers/{CUSTOMER}/payments/p{number}", json=a_payment("1")) for number in range(10))
    )


async def _read(bootstrap: str, count: int) -> list[ConsumerRecord]:
    consumer = AIOKafkaConsumer(TOPIC, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        found: list[ConsumerRecord] = []
        while len(found) < count:
            record = await asyncio.wait_for(consumer.getone(), 20)
            found += [record] if record.key == CUSTOMER.encode() else []
        return found
    finally:
        await consumer.stop()


async def test_what_is_written_reaches_kafka_in_order(customers_database: str, kafka_bootstrap: str) -> None:
    await _let_in(customers_database)
    app = api(_settings(customers_database, kafka_bootstrap))
    transport = httpx.ASGITransport(app=app)
    headers = {"X-Api-Key": KEY}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://customers", headers=headers) as http,
    ):
        await _write(http)
        records = await _read(kafka_bootstrap, 12)

        async def nothing_waits() -> bool:
            return bool((await http.get("/v1/status")).json()["outbox_unsent"] == 0)

        await eventually(nothing_waits)
        assert (await http.get("/readyz")).status_code == 200

    events = [decode_envelope(record.key, record.headers, record.value) for record in records]
    assert [event.sequence for event in events] == list(range(1, 13))
    assert {(event.source, event.epoch, event.history) for event in events} == {("customers", 1, False)}
    assert decode_data(events[1].data, InvoiceEvent).amount.currency == "COP"
    last = decode_data(events[-1].data, PaymentEvent)
    assert [balance.settled_on is not None for balance in last.effect.balances] == [True]
