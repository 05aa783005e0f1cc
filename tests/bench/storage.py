"""What a customer, an invoice and a payment cost in each database, indexes included, and an event on its topic.

``python -m tests.bench.storage``: prints the table of ``docs/scale.md``. No stopwatch, so load does not matter.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import text

from services.customers.inbound.http.batch_lines import asked_by
from services.customers.usecases.load_batch import Line
from services.customers.wiring.api import Parts, use_cases
from services.segmenter.inbound.events import CustomerEvents
from services.segmenter.usecases.apply_events import ApplyEvents
from services.segmenter.usecases.replace_customer import ReplaceCustomer
from services.statements.inbound.events import SEQUENCED, EventsIn
from services.statements.usecases.hear_events import HearEvents
from shared.basics.errors import KnownError
from shared.contracts.customers_v1 import EVENTS, TOPIC
from shared.contracts.envelope import encode_headers
from shared.database.engine import Database
from shared.messaging import outbox
from shared.messaging.batch import Batch, Event, Record, read_record
from tests.services.customers.house import SetClock
from tests.support.ground import Ground, running_ground

CUSTOMERS = 2000
EACH = 4
_TODAY = date(2026, 3, 1)
_SIZE = """
SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname NOT IN ('outbox', 'webhook_events')
"""
SERVICES = ("customers", "segmenter", "statements")
_offsets = count()


def customers() -> Iterator[dict[str, Any]]:
    for number in range(CUSTOMERS):
        yield {
            "kind": "customer",
            "customer_id": f"cliente-{number:07}",
            "type": "person",
            "name": f"Ana María Gómez Restrepo {number}",
            "email": f"ana.gomez.{number}@correo.demo",
            "phone": "+573001234567",
            "document": {"type": "CC", "number": f"10{number:08}"},
        }


def invoices() -> Iterator[dict[str, Any]]:
    for number in range(CUSTOMERS * EACH):
        issued_on = _TODAY - timedelta(days=30 * (number % EACH + 1))
        yield {
            "kind": "invoice",
            "customer_id": f"cliente-{number // EACH:07}",
            "id": f"factura-{number:08}",
            "amount": "125000.50",
            "issued_on": issued_on.isoformat(),
            "due_on": (issued_on + timedelta(days=30)).isoformat(),
            "product": "Internet 300",
        }


def payments() -> Iterator[dict[str, Any]]:
    """All but the last of each customer's invoices are paid."""
    for number in range(CUSTOMERS * EACH):
        if number % EACH:
            yield {
                "kind": "payment",
                "customer_id": f"cliente-{number // EACH:07}",
                "id": f"pago-{number:08}",
                "status": "succeeded",
                "amount": "125000.50",
                "occurred_at": f"2026-01-{number % EACH + 10}T15:00:00Z",
                "method": "PSE",
            }


class Three:
    """The three services' ways in, over three databases."""

    def __init__(self, databases: dict[str, Database], urls: dict[str, str]) -> None:
        clock = SetClock()
        self.urls, self.databases = urls, databases
        self.books = use_cases(Parts(databases["customers"], clock, clock.where, ("COP",), lambda: None)).load_batch
        events = ApplyEvents(databases["segmenter"], clock, lambda: None)
        self.segmenter = CustomerEvents(events, ReplaceCustomer(clock))
        self.statements = EventsIn(HearEvents(databases["statements"], clock, SEQUENCED))

    async def take(self, lines: Iterator[dict[str, Any]]) -> tuple[int, float]:
        """Load lines and let everyone hear of them: how many, and bytes an event."""
        taken = [Line(number, asked_by(line)) for number, line in enumerate(lines, start=1)]
        for start in range(0, len(taken), 5000):
            loaded = await self.books(taken[start : start + 5000], history=False, by="bench")
            refused = [one for one in loaded if isinstance(one.outcome, KnownError)]
            if refused:
                raise RuntimeError(f"refused: {refused[0]}")
        events = await self._told()
        for start in range(0, len(events), 2000):
            batch = Batch(events[start : start + 2000])
            await self.segmenter.apply(batch)
            await self.statements.apply(batch)
        return len(taken), sum(_bytes(one.record) for one in events) / len(events)

    async def _told(self) -> Sequence[Event]:
        async with self.databases["customers"].transaction() as connection:
            rows = await outbox.unsent(connection, "customers", 1_000_000)
            await connection.execute(text("TRUNCATE outbox"))
        found = []
        for _, one in rows:
            read = read_record(
                Record(TOPIC, 0, next(_offsets), one.key.encode(), encode_headers(one), one.data), {TOPIC: EVENTS}
            )
            if not isinstance(read, Event):
                raise TypeError(read)
            found.append(read)
        return found

    async def sizes(self) -> dict[str, int]:
        """Bytes in each database, dead rows swept."""
        found = {}
        for service, url in self.urls.items():
            connection = await asyncpg.connect(url)
            await connection.execute("VACUUM ANALYZE")
            found[service] = int(await connection.fetchval(_SIZE))
            await connection.close()
        return found


def _bytes(record: Record) -> int:
    headers = sum(len(name) + len(value) for name, value in record.headers)
    return len(record.key or b"") + headers + len(record.value or b"")


@asynccontextmanager
async def three(ground: Ground) -> AsyncIterator[Three]:
    async with AsyncExitStack() as opened:
        urls = {service: await ground.databases.create(service) for service in SERVICES}
        databases = {service: Database(url, name="bench") for service, url in urls.items()}
        for database in databases.values():
            opened.push_async_callback(database.close)
        yield Three(databases, urls)


async def measure(ground: Ground) -> None:
    """Load one kind after another; what each adds, divided by how many there are."""
    print("| bytes for each | customers | segmenter | statements | event on the topic |\n|---|--:|--:|--:|--:|")
    async with three(ground) as services:
        before = await services.sizes()
        for name, lines in (("customer", customers()), ("invoice", invoices()), ("payment", payments())):
            number, event = await services.take(lines)
            after = await services.sizes()
            costs = [f"{(after[one] - before[one]) / number:,.0f}" for one in SERVICES]
            print(f"| {name} | {' | '.join(costs)} | {event:,.0f} |", flush=True)
            before = after


def main() -> None:
    """On servers of its own."""
    with tempfile.TemporaryDirectory(prefix="cascada-bench-") as folder, running_ground(Path(folder)) as ground:
        asyncio.run(measure(ground))


if __name__ == "__main__":
    main()
