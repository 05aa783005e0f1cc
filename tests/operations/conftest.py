"""Three services without Kafka: what customers tells is handed to both hearers, whose commands reach its real API."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from deploy.local.ports import free_port
from services.customers.inbound.http.app import create
from services.customers.wiring.api import Parts, use_cases
from services.customers.wiring.commands import COMMANDS as OF_CUSTOMERS
from services.segmenter.inbound.events import CustomerEvents
from services.segmenter.settings import Settings as SegmenterSettings
from services.segmenter.usecases.turn_day import TurnDay
from services.segmenter.wiring.commands import COMMANDS as OF_SEGMENTER
from services.segmenter.wiring.commands import customer_events
from services.statements.inbound.events import EventsIn
from services.statements.settings import Settings as StatementsSettings
from services.statements.wiring.commands import COMMANDS as OF_STATEMENTS
from services.statements.wiring.commands import events_in
from shared.contracts.customers_v1 import EVENTS, TOPIC
from shared.contracts.envelope import encode_headers
from shared.database.engine import Database
from shared.http.process import Process
from shared.messaging import outbox
from shared.messaging.batch import Batch, Event, Record, read_record
from tests.services.customers.house import KEY, SetClock
from tests.support.access import one_key
from tests.support.fixtures import NewDatabase
from tests.support.serving_app import serving
from tests.support.terminal import Terminal

NOW = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
_COMMANDS = {"customers": OF_CUSTOMERS, "segmenter": OF_SEGMENTER, "statements": OF_STATEMENTS}
HEARERS = ("segmenter", "statements")


@dataclass(frozen=True)
class Town:
    """``books`` speaks to the API of customers; ``events`` are the hearers' ways in."""

    books: httpx.AsyncClient
    databases: dict[str, Database]
    events: dict[str, CustomerEvents | EventsIn]
    terminals: dict[str, Terminal]
    offsets: Callable[[], int]

    async def writes(self, path: str, body: dict[str, Any]) -> None:
        answer = await self.books.put(f"/v1/customers/{path}", json=body)
        assert answer.status_code in (200, 201), answer.text

    async def told(self) -> list[Event]:
        """What customers has to tell and nobody has heard yet."""
        async with self.databases["customers"].transaction() as connection:
            waiting = await outbox.unsent(connection, "customers", 100_000)
            await connection.execute(text("DELETE FROM outbox"))
        found = []
        for _, envelope in waiting:
            record = Record(TOPIC, 0, self.offsets(), envelope.key.encode(), encode_headers(envelope), envelope.data)
            event = read_record(record, {TOPIC: EVENTS})
            assert isinstance(event, Event), event
            found.append(event)
        return found

    async def everyone_hears(self, size: int = 7) -> None:
        """Both hearers hear what was told, a few events at a time."""
        told = await self.told()
        for start in range(0, len(told), size):
            for hearer in self.events.values():
                await hearer.apply(Batch(told[start : start + size]))

    async def rows(self, service: str, query: str) -> list[tuple[Any, ...]]:
        async with self.databases[service].transaction() as connection:
            return [tuple(row) for row in await connection.execute(text(query))]

    async def spoils(self, service: str, statement: str) -> None:
        """Somebody, or a bug, writes into a service's database."""
        async with self.databases[service].transaction() as connection:
            await connection.execute(text(statement))


@pytest.fixture
async def town(
    new_database: NewDatabase,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> AsyncIterator[Town]:
    """It is the morning of 10 March 2026 in Bogotá."""
    port, clock = free_port(), SetClock(NOW)
    urls = {service: await new_database(service) for service in _COMMANDS}
    for name, value in _environment(tmp_path, port, urls).items():
        monkeypatch.setenv(name, value)
    databases = {service: Database(url, name="test") for service, url in urls.items()}
    app = create(
        use_cases(Parts(databases["customers"], clock, clock.where, ("COP", "USD"), lambda: None)),
        Process(callers=one_key(KEY), ready=databases["customers"].is_ready),
    )
    segmenter = SegmenterSettings()
    while await TurnDay(databases["segmenter"], segmenter.clock()).step():
        pass
    async with (
        serving(app, port),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers={"X-Api-Key": KEY}) as books,
    ):
        yield Town(
            books,
            databases,
            {
                "segmenter": customer_events(segmenter, databases["segmenter"]),
                "statements": events_in(StatementsSettings(), databases["statements"]),
            },
            {service: Terminal(service, _COMMANDS[service], urls[service], capsys) for service in urls},
            count().__next__,
        )
    for database in databases.values():
        await database.close()


def _environment(folder: Path, port: int, urls: dict[str, str]) -> dict[str, str]:
    clock = folder / "clock"
    clock.write_text(NOW.isoformat())
    return {
        "ENVIRONMENT": "local",
        "CLOCK_FILE": str(clock),
        "CURRENCIES": "COP,USD",
        "KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9",
        "SERVICE_API_KEY": KEY,
        "CUSTOMERS_URL": f"http://127.0.0.1:{port}",
        "SEGMENTER_URL": "http://127.0.0.1:9",
        "MAIL_GATEWAY_URL": "http://127.0.0.1:9",
        "MAIL_FROM": "cartera@andina.demo",
        "COMPANY_NAME": "Comercial Andina",
        "GATEWAY_WEBHOOK_SECRET": "a-webhook-secret-of-some-length",
        **{f"{service.upper()}_DATABASE_URL": url for service, url in urls.items()},
    }
