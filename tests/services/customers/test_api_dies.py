"""The API killed at random moments under load: each accepted write has its event, and each event its write."""

import asyncio
import os
import random
import signal
from collections import defaultdict
from functools import partial
from itertools import count
from pathlib import Path

import httpx
import pytest
from aiokafka import AIOKafkaConsumer
from sqlalchemy import text

from deploy.local.settings import read_settings
from deploy.local.stack_process import free_ports
from shared.contracts.customers_v1 import TOPIC
from shared.database.engine import Database
from tests.services.customers.sentences import a_payment, a_person
from tests.support.eventually import eventually
from tests.support.ground import Ground

_DEATHS = 4
_WRITERS = 8
_PREFIX = "dies-"


class Writers:
    """Clients that write payments of a few customers as fast as they are answered, and remember what was accepted."""

    def __init__(self, url: str, key: str) -> None:
        self._url = url
        self._headers = {"X-Api-Key": key}
        self._numbers = count()
        self.accepted: set[tuple[str, str]] = set()

    async def register(self) -> None:
        async with self._client() as http:
            for writer in range(_WRITERS):
                await http.put(f"/v1/customers/{_PREFIX}{writer}", json=a_person())

    async def write_until_it_dies(self) -> None:
        """Every client ends with the first call that is not answered."""
        await asyncio.gather(*(self._write(writer) for writer in range(_WRITERS)))

    async def _write(self, writer: int) -> None:
        async with self._client() as http:
            while True:
                customer, payment = f"{_PREFIX}{writer}", f"p{next(self._numbers)}"
                try:
                    answer = await http.put(f"/v1/customers/{customer}/payments/{payment}", json=a_payment("1.00"))
                except httpx.TransportError:
                    return
                assert answer.status_code == 201, answer.text
                self.accepted.add((customer, payment))

    def have_accepted(self, writes: int) -> bool:
        return len(self.accepted) >= writes

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self._url, headers=self._headers, timeout=10)


async def _facts(database: Database) -> set[tuple[str, str]]:
    async with database.transaction() as connection:
        rows = await connection.execute(text("SELECT customer_id, payment_id FROM payments"))
        return {(row.customer_id, row.payment_id) for row in rows}


async def _told(bootstrap: str, wanted: int) -> dict[str, dict[int, bytes]]:
    """Per customer, the event of each sequence number; a repeat must be the same to the byte."""
    consumer = AIOKafkaConsumer(TOPIC, bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    found: dict[str, dict[int, bytes]] = defaultdict(dict)
    try:
        while sum(map(len, found.values())) < wanted:
            record = await asyncio.wait_for(consumer.getone(), 20)
            customer, number = record.key.decode(), int(dict(record.headers)["ce_sequence"])
            if customer.startswith(_PREFIX):
                assert found[customer].setdefault(number, record.value) == record.value
    finally:
        await consumer.stop()
    return found


@pytest.mark.timeout(180)
async def test_each_accepted_write_has_its_event_and_each_event_its_write(
    postgres_url: str, customers_database: str, kafka_bootstrap: str, tmp_path: Path
) -> None:
    ports = {**free_ports(), "KAFKA_PORT": kafka_bootstrap.rpartition(":")[2]}
    ground = Ground(read_settings({**ports, "CASCADA_LOCAL_DIR": str(tmp_path)}), postgres_url)
    environment = {"CUSTOMERS_DATABASE_URL": customers_database}
    writers, moments = Writers(ground.url("customers"), ground.key), random.Random(20261124)

    for death in range(_DEATHS):
        with ground.running_api("customers", environment) as api:
            if death == 0:
                await writers.register()
            enough = len(writers.accepted) + moments.randint(2 * _WRITERS, 20 * _WRITERS)
            writing = asyncio.create_task(writers.write_until_it_dies())
            await eventually(partial(writers.have_accepted, enough), within=60)
            os.kill(api.pid, signal.SIGKILL)
            await writing

    database = Database(customers_database, name="test")
    facts = await _facts(database)
    assert len(writers.accepted) > _WRITERS * _DEATHS
    assert writers.accepted <= facts
    with ground.running_api("customers", environment):

        async def nothing_waits() -> bool:
            async with database.transaction() as connection:
                return not (await connection.execute(text("SELECT count(*) FROM outbox"))).scalar_one()

        await eventually(nothing_waits, within=30)
    told = await _told(kafka_bootstrap, len(facts) + _WRITERS)
    await database.close()

    assert all(sorted(events) == list(range(1, len(events) + 1)) for events in told.values())
    assert sum(map(len, told.values())) == len(facts) + _WRITERS
    for customer, payment in facts:
        assert sum(f'"{payment}"'.encode() in event for event in told[customer].values()) == 1
