"""Cascada as its callers see it: what a journey says and asks over HTTP."""

import asyncio
import csv
import io
import time
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.journeys.wire import account_lines, customer_body, fact_body, fact_path, ndjson
from tests.oracle.facts import Account, Customer, Fact
from tests.support.eventually import eventually
from tests.support.stack import Stack

_BATCH_LINES = 5000


class Cascada:
    """The three services of a running stack, and their one clock."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.customers = _client(stack.customers_url, stack)
        self.segmenter = _client(stack.segmenter_url, stack)
        self.statements = _client(stack.statements_url, stack)
        self.mail = httpx.AsyncClient(base_url=stack.mail_url, timeout=30)

    async def close(self) -> None:
        for client in (self.customers, self.segmenter, self.statements, self.mail):
            await client.aclose()

    async def register(self, customer: Customer) -> httpx.Response:
        return await self.customers.put(f"/customers/{customer.customer_id}", json=customer_body(customer))

    async def put(self, customer_id: str, fact: Fact) -> httpx.Response:
        return await self.customers.put(fact_path(customer_id, fact), json=fact_body(fact))

    async def tell(self, account: Account) -> None:
        """A customer and its facts, one call each, every one of them new."""
        assert (await self.register(account.customer)).status_code == 201
        for fact in account.facts:
            answer = await self.put(account.customer.customer_id, fact)
            assert answer.status_code == 201, answer.text

    async def load(self, accounts: Iterable[Account], *, history: bool = True) -> None:
        """Customers with all their facts, in batches."""
        await self.load_lines(list(account_lines(accounts)), history=history)

    async def load_lines(self, lines: Sequence[dict[str, Any]], *, history: bool = False) -> None:
        """Batch lines, all of which must be good."""
        for start in range(0, len(lines), _BATCH_LINES):
            body = ndjson(lines[start : start + _BATCH_LINES])
            answer = await self.batch(body, history=history)
            assert answer.status_code == 200, answer.text
            assert answer.json()["failed"] == 0, answer.json()["results"][:3]

    async def batch(self, body: bytes, *, history: bool = False) -> httpx.Response:
        return await self.customers.post(
            "/batches",
            params={"history": str(history).lower()},
            content=body,
            headers={"Content-Type": "application/x-ndjson"},
            timeout=120,
        )

    async def standing(self, customer_id: str) -> dict[str, Any]:
        """What the segmenter knows of a customer; empty while it knows nothing."""
        answer = await self.segmenter.get(f"/standings/{customer_id}")
        return dict(answer.json()) if answer.status_code == 200 else {}

    async def standings(self, customer_ids: Iterable[str]) -> list[dict[str, Any]]:
        """The standings of several customers, asked a few at a time."""
        free = asyncio.Semaphore(8)

        async def one(customer_id: str) -> dict[str, Any]:
            async with free:
                return await self.standing(customer_id)

        return await asyncio.gather(*map(one, customer_ids))

    async def segment_of(self, customer_id: str) -> str | None:
        standing = await self.standing(customer_id)
        return str(standing["segment"]["segment_id"]) if standing else None

    async def members(self) -> dict[str, dict[str, str]]:
        """Every customer as a row of the CSV export, by id."""
        answer = await self.segmenter.post("/customers/export", json={}, timeout=60)
        assert answer.status_code == 200, answer.text
        rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
        return {row["customer_id"]: row for row in rows}

    async def segments(self) -> dict[str, str]:
        """The segment of every customer."""
        return {customer_id: row["segment_id"] for customer_id, row in (await self.members()).items()}

    def now(self) -> datetime:
        """Business time: the clock's instant when it was written, and what has passed since."""
        file: Path = self.stack.process.folder.clock
        passed = time.time() - file.stat().st_mtime
        return datetime.fromisoformat(file.read_text().strip()) + timedelta(seconds=passed)

    async def go_to(self, instant: str) -> None:
        """Set the clock, and wait until everything known then is judged as of then."""
        self.stack.set_clock(instant)
        await self.caught_up()

    async def caught_up(self, within: float = 30.0) -> None:
        """Wait until every fact told so far stands in every customer's segment, and every move is on Kafka."""

        async def customers_told_all() -> bool:
            return bool((await self.status(self.customers))["outbox_unsent"] == 0)

        await eventually(customers_told_all, within=within)
        moment = self.now()

        async def segmenter_knows_all() -> bool:
            status = await self.status(self.segmenter)
            assert status["facts_through"], status
            assert datetime.fromisoformat(status["facts_through"]) >= moment, status
            assert status["outbox_unsent"] == 0, status
            assert status["customers_behind"] == 0, status
            return bool(status["day_turn"]["done"] and not status["refresh"])

        await eventually(segmenter_knows_all, within=within)

    async def status(self, service: httpx.AsyncClient) -> dict[str, Any]:
        answer = await service.get("/status")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def today(self) -> date:
        """The day the segmenter judges by."""
        return date.fromisoformat((await self.status(self.segmenter))["as_of"])


def _client(url: str, stack: Stack) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"{url}/v1", headers=stack.headers, timeout=30)
