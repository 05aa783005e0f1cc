"""The ``worker`` role and its loops."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import structlog

from services.segmenter.inbound.events import TYPES, CustomerEvents
from services.segmenter.outbound.cascade import SOURCE
from services.segmenter.outbound.suppressions import Suppressions
from services.segmenter.outbound.webhooks import Poster
from services.segmenter.settings import Settings
from services.segmenter.usecases.apply_events import ApplyEvents
from services.segmenter.usecases.count_variables import CountVariables
from services.segmenter.usecases.foretell_portfolio import ForetellPortfolio
from services.segmenter.usecases.judge_alert_rules import JudgeAlertRules
from services.segmenter.usecases.judge_history_load import JudgeHistoryLoad
from services.segmenter.usecases.measure import Measure
from services.segmenter.usecases.post_to_webhooks import PostToWebhooks
from services.segmenter.usecases.read_suppressions import ReadSuppressions
from services.segmenter.usecases.replace_customer import ReplaceCustomer
from services.segmenter.usecases.return_from_backup import ReturnFromBackup
from services.segmenter.usecases.run_refresh import RunRefresh
from services.segmenter.usecases.tell_progress import TellProgress
from services.segmenter.usecases.turn_day import TurnDay
from shared.contracts import customers_v1, segments_v1
from shared.database.engine import Database
from shared.http.client import ServiceClient, service_client
from shared.http.side_door import side_door
from shared.messaging.audit import Auditor
from shared.messaging.bootstrap import Bootstrap
from shared.messaging.consumer import Consumer
from shared.messaging.producer import Producer
from shared.messaging.relay import Relay
from shared.messaging.repair import Repairer
from shared.messaging.snapshots import Snapshots
from shared.messaging.taking import Taking
from shared.runtime.clock import Clock
from shared.runtime.loops import Loop, StopFlag, repeat, run_loops
from shared.runtime.ticker import Ticker

log = structlog.get_logger(__name__)

GROUP = "segmenter"
_REPAIR_IDLE_SECONDS = 0.5
_TICK_SECONDS = 0.25
_UNHURRIED_SECONDS = 1.0
_WEBHOOK_IDLE_SECONDS = 0.5
_WEBHOOKS_AT_ONCE = 4


@dataclass(frozen=True)
class Parts:
    """What the loops are made of; ``wake`` tells the relay that there is something to send."""

    settings: Settings
    database: Database
    clock: Clock
    wake: Callable[[], None]


async def run_worker(settings: Settings, stop: StopFlag) -> None:
    """Hear, repair, tick and tell until the flag goes up."""
    clock = settings.clock()
    async with AsyncExitStack() as opened:
        database = Database(settings.segmenter_database_url, name="segmenter-worker")
        opened.push_async_callback(database.close)
        customers = await opened.enter_async_context(service_client(settings.customers_url, settings))
        producer = Producer(settings.kafka_bootstrap_servers, segments_v1.TOPIC, settings.kafka_tls())
        relay = Relay(database, producer, SOURCE)
        parts = Parts(settings, database, clock, relay.wake)
        addresses = await opened.enter_async_context(reading_suppressions(settings, database, clock, relay.wake))
        door = side_door(settings, database.is_ready, Measure(database, clock, settings.zone), "segmenter")
        await run_loops(
            stop,
            *hearing(parts, customers, stop),
            relay.run,
            *(one.run for one in tickers(parts)),
            *posting(settings, database),
            *addresses,
            *door,
        )


def hearing(parts: Parts, customers: ServiceClient, stop: StopFlag) -> list[Loop]:
    """The loops that take facts in: from Kafka, and from the customers service where Kafka's events do not suffice."""
    settings, database, clock = parts.settings, parts.database, parts.clock
    events = CustomerEvents(ApplyEvents(database, clock, parts.wake), ReplaceCustomer(clock))
    take = taking(database, events, stop).take
    consumer = Consumer(settings.kafka_bootstrap_servers, GROUP, TYPES, take, clock, settings.kafka_tls())
    snapshots = Snapshots(customers)
    repairer = Repairer(database, snapshots.fetch, events.replace)
    bootstrap = Bootstrap(database, snapshots.read, repairer, events.declare)
    auditor = Auditor(database, clock, snapshots, events.declare)
    return [
        bootstrap.before(consumer.run),
        repeat("repair", repairer.step, idle_seconds=_REPAIR_IDLE_SECONDS),
        repeat("read_everything", bootstrap.step, idle_seconds=_REPAIR_IDLE_SECONDS),
        repeat("audit", auditor.step, idle_seconds=_REPAIR_IDLE_SECONDS),
    ]


def tickers(parts: Parts) -> list[Ticker]:
    """What is done when it is due: what somebody waits for, and what has time."""
    database, clock = parts.database, parts.clock
    awaited = {
        "turn_day": TurnDay(database, clock).step,
        "run_refresh": RunRefresh(database, clock).step,
        "judge_history_load": JudgeHistoryLoad(database, clock).step,
        "judge_alert_rules": JudgeAlertRules(database, clock).step,
        "tell_progress": TellProgress(database, clock, parts.settings.zone, parts.wake).step,
    }
    unhurried = {
        "foretell_portfolio": ForetellPortfolio(database, clock).step,
        "count_variables": CountVariables(database, clock).step,
        "return_from_backup": ReturnFromBackup(database).step,
    }
    return [Ticker(awaited, seconds=_TICK_SECONDS), Ticker(unhurried, seconds=_UNHURRIED_SECONDS)]


def posting(settings: Settings, database: Database) -> list[Loop]:
    """The loops that post to webhooks, so many webhooks at once."""
    step = PostToWebhooks(database, Poster(anywhere=settings.environment == "local")).step
    return [repeat("webhooks", step, idle_seconds=_WEBHOOK_IDLE_SECONDS)] * _WEBHOOKS_AT_ONCE


def taking(database: Database, events: CustomerEvents, stop: StopFlag) -> Taking:
    """How a worker takes the batches that it hears: large ones in two transactions at once (decision 64)."""
    return Taking(database, events.apply, sequenced=[customers_v1.TOPIC], shares=2, stop=stop)


@asynccontextmanager
async def reading_suppressions(
    settings: Settings, database: Database, clock: Clock, wake: Callable[[], None]
) -> AsyncIterator[list[Loop]]:
    """The loop that reads suppressed addresses; none where nobody says who has them."""
    if settings.statements_url is None:
        log.info("suppressions_not_read", reason="STATEMENTS_URL is not set")
        yield []
        return
    async with service_client(settings.statements_url, settings) as statements:
        step = ReadSuppressions(database, clock, Suppressions(statements).page, wake).step
        yield [repeat("read_suppressions", step, idle_seconds=_REPAIR_IDLE_SECONDS)]
