"""statements as a test meets it: its HTTP API, its worker's steps one by one, a clock, a real mail catcher."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import msgspec
import uvicorn
from sqlalchemy import text

from deploy.local.mail.app import Catcher, create_app
from deploy.local.mail.dropping import DroppableProtocol
from deploy.local.mail.events import EventTeller
from deploy.local.mail.gateway import Gateway
from deploy.local.mail.inbox import Inbox, Mail
from deploy.local.ports import free_port
from services.statements.inbound.events import SEQUENCED, EventsIn
from services.statements.inbound.http.app import create
from services.statements.outbound.gateways import MailGateway, gateway_at
from services.statements.settings import Settings
from services.statements.usecases.hear_events import HearEvents
from services.statements.wiring.api import use_cases
from services.statements.wiring.parts import Parts
from services.statements.wiring.worker import Tasks, tasks
from services.statements.wiring.writer import WritingTasks, writing_tasks
from shared.basics.days import date_in, zone
from shared.database.engine import Database
from shared.http.process import Process
from shared.messaging import outbox
from tests.oracle.facts import Account
from tests.services.statements import segmenter_telling, telling
from tests.services.statements.segmenter import StandInSegmenter
from tests.services.statements.telling import Said
from tests.support.access import one_key
from tests.support.eventually import eventually

KEY = "test-key-of-sixteen"
_TOLD_AT_ONCE = 200
SECRET = "a-webhook-secret-of-some-length"
_STANDINGS_WERE_READ = text("UPDATE walks SET after = NULL, finished_at = clock_timestamp() WHERE name = 'standings'")


@dataclass
class SetClock:
    """Business time stands where the test puts it."""

    moment: datetime = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
    where: ZoneInfo = field(default_factory=lambda: zone("America/Bogota"))

    def now(self) -> datetime:
        return self.moment

    def today(self) -> date:
        return date_in(self.moment, self.where)

    def set(self, text: str) -> None:
        self.moment = datetime.fromisoformat(text).astimezone(UTC)


@dataclass(frozen=True)
class Told:
    """An event as it waits in the outbox."""

    key: str
    type: str
    sequence: int
    data: dict[str, Any]


@dataclass(frozen=True)
class Steps(Tasks, WritingTasks):
    """The steps of a worker and of its writer."""


@dataclass
class House:
    """``http`` speaks to the real app, ``catcher`` is the mailbox behind the gateway."""

    http: httpx.AsyncClient
    database: Database
    clock: SetClock
    catcher: Catcher
    gateway: MailGateway
    parts: Parts
    events: EventsIn
    segmenter: StandInSegmenter

    async def get(self, path: str, **params: Any) -> Any:
        answer = await self.http.get(f"/v1{path}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def put_rule(self, rule_id: str, **changed: Any) -> httpx.Response:
        """A rule: mondays and thursdays at nine, active, everything full."""
        return await self.http.put(f"/v1/rules/{rule_id}", json=rule_body(**changed))

    async def hear(self, *said: Said, through: datetime | None = None) -> None:
        """Take events as the consumer would hand them on."""
        await self.events.apply(telling.batch(said, through=through))

    async def know(self, *accounts: Account) -> None:
        """Hear everything about some customers."""
        for start in range(0, len(accounts), _TOLD_AT_ONCE):
            told = map(telling.told, accounts[start : start + _TOLD_AT_ONCE])
            await self.hear(*chain.from_iterable(told))

    async def all_is_heard(self) -> None:
        """Own ledger and segmenter have passed the present instant."""
        seq = int(self.clock.now().timestamp() * 10)
        await self.hear(segmenter_telling.progress(self.clock.now(), seq), through=self.clock.now())

    def steps(self) -> Steps:
        """The worker's steps; several of them act as several workers."""
        workers = tasks(self.parts, self.segmenter.asked, self.gateway, lambda: None)
        return Steps(**vars(workers), **vars(writing_tasks(self.parts)))

    async def work(self, steps: Steps | None = None) -> None:
        """Do everything that is due, as the worker's ticks would, until there is nothing more."""
        mine = steps or self.steps()
        await mine.record_due_runs()
        await mine.advance_runs()
        while await mine.ask_audiences():
            pass
        while await mine.plan_runs():
            pass
        while (
            await mine.prepare_messages()
            or await mine.prepare_mails()
            or await mine.send_mails()
            or await mine.send_mails.settle_lost()
        ):
            pass
        await eventually(lambda: not self.catcher.teller._telling)  # what became of mails arrives by itself
        await mine.advance_runs()

    async def run_of(self, rule_id: str, period: str) -> dict[str, Any]:
        runs = (await self.get("/runs", rule_id=rule_id))["items"]
        [run] = [run for run in runs if run["period"] == period]
        return dict(run)

    async def deliveries(self, run: dict[str, Any]) -> dict[str, dict[str, Any]]:
        items = (await self.get(f"/runs/{run['run_id']}/deliveries", limit=500))["items"]
        return {item["customer_id"]: item for item in items}

    @property
    def mails(self) -> list[Mail]:
        return list(reversed(self.catcher.inbox.newest(10_000)))

    async def told(self) -> list[Told]:
        """Every event so far, in the order written."""
        async with self.database.transaction() as connection:
            rows = await outbox.unsent(connection, "statements", 1_000_000)
        return [Told(e.key, e.type, e.sequence, msgspec.json.decode(e.data)) for _, e in rows]

    async def skip_pauses(self) -> None:
        """Let every pause between tries be over, and every lease."""
        async with self.database.transaction() as connection:
            for column in ("next_try_at", "lease_until"):
                await connection.exec_driver_sql(
                    f"UPDATE addresses SET {column} = clock_timestamp() - interval '1 s' WHERE {column} IS NOT NULL"
                )


def rule_body(**changed: Any) -> dict[str, Any]:
    body = {
        "name": "Lunes y jueves",
        "frequency": {"type": "weekly", "weekdays": ["monday", "thursday"]},
        "time": "09:00",
        "time_zone": "America/Bogota",
        "content": {"type": "full", "paid_within_days": 90},
        "status": "active",
    }
    return {name: value for name, value in {**body, **changed}.items() if value is not ...}


def settings(url: str, gateway_url: str, **changed: Any) -> Settings:
    known = {
        "kafka_bootstrap_servers": "127.0.0.1:9",
        "service_api_key": KEY,
        "currencies": ("COP", "USD"),
        "statements_database_url": url,
        "customers_url": "http://127.0.0.1:9",
        "segmenter_url": "http://127.0.0.1:9",
        "mail_gateway_url": gateway_url,
        "mail_gateway_honours_keys": True,
        "mail_from": "Cartera Andina <cartera@andina.demo>",
        "company_name": "Comercial Andina",
        "payment_link": "https://pagos.andina.demo/{customer_id}",
        "send_retry_seconds": 1.0,
        "gateway_webhook_secret": SECRET,
    }
    return Settings(**{**known, **changed})


@asynccontextmanager
async def open_house(url: str, *, gateway_url: str | None = None, **changed: Any) -> AsyncIterator[House]:
    """The service over the database at ``url``, its catcher on a port of its own; standings were read before."""
    database, clock = Database(url, name="test", connections=20), SetClock()
    port = free_port()
    parts = Parts(database, clock, settings(url, f"http://127.0.0.1:{port}", **changed))
    segmenter = StandInSegmenter()
    gateway = gateway_at(gateway_url or f"http://127.0.0.1:{port}", clock)
    app = create(use_cases(parts, segmenter.asked, gateway), Process(callers=one_key(KEY), ready=database.is_ready))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"X-Api-Key": KEY}
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://statements", headers=headers) as http,
        gateway,
        _catching(port, EventTeller("", SECRET, http)) as catcher,
    ):
        events = EventsIn(HearEvents(database, clock, SEQUENCED))
        async with database.transaction() as connection:
            await connection.execute(_STANDINGS_WERE_READ)
        yield House(http, database, clock, catcher, gateway, parts, events, segmenter)
    await database.close()


@asynccontextmanager
async def _catching(port: int, teller: EventTeller) -> AsyncIterator[Catcher]:
    inbox = Inbox()
    catcher = Catcher(inbox, Gateway(inbox), teller)
    config = uvicorn.Config(
        create_app(catcher), host="127.0.0.1", port=port, http=DroppableProtocol, log_config=None, lifespan="off"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    await eventually(lambda: server.started)
    yield catcher
    server.should_exit = True
    await serving


def days(number: int) -> timedelta:
    return timedelta(days=number)


def addresses(mails: Iterable[Mail]) -> list[str]:
    return sorted(address for mail in mails for address in mail.to)
