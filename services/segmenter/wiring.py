"""Opens what a role needs once, hands each part only what it needs, and closes in reverse."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

import structlog
from fastapi import FastAPI

from services.segmenter.inbound.events import TYPES, CustomerEvents
from services.segmenter.inbound.http.app import create
from services.segmenter.inbound.http.doors import UseCases
from services.segmenter.outbound.cascade import SOURCE
from services.segmenter.outbound.suppressions import Suppressions
from services.segmenter.outbound.webhooks import Poster
from services.segmenter.settings import Settings
from services.segmenter.storage.customers import page_of_positions
from services.segmenter.storage.verified import TABLES
from services.segmenter.usecases.apply_events import ApplyEvents
from services.segmenter.usecases.check_rule import CheckRule
from services.segmenter.usecases.count_variables import CountVariables
from services.segmenter.usecases.diagnose_segment import DiagnoseSegment
from services.segmenter.usecases.edit_draft import EditDraft
from services.segmenter.usecases.explain_customer import ExplainCustomer
from services.segmenter.usecases.find_customers import FindCustomers
from services.segmenter.usecases.foretell_customer import ForetellCustomer
from services.segmenter.usecases.foretell_portfolio import ForetellPortfolio
from services.segmenter.usecases.judge_alert_rules import JudgeAlertRules
from services.segmenter.usecases.judge_history_load import JudgeHistoryLoad
from services.segmenter.usecases.keep_alert_rules import KeepAlertRules
from services.segmenter.usecases.keep_flows import KeepFlows
from services.segmenter.usecases.keep_webhooks import KeepWebhooks
from services.segmenter.usecases.list_standings import ListStandings
from services.segmenter.usecases.measure import Measure
from services.segmenter.usecases.post_to_webhooks import PostToWebhooks
from services.segmenter.usecases.preview_draft import PreviewDraft
from services.segmenter.usecases.read_cascade import ReadCascade
from services.segmenter.usecases.read_forecast import ReadForecast
from services.segmenter.usecases.read_glossary import ReadGlossary
from services.segmenter.usecases.read_history import ReadHistory
from services.segmenter.usecases.read_standing import ReadStanding
from services.segmenter.usecases.read_suppressions import ReadSuppressions
from services.segmenter.usecases.refresh_cascade import RefreshCascade
from services.segmenter.usecases.replace_customer import ReplaceCustomer
from services.segmenter.usecases.report_status import ReportStatus
from services.segmenter.usecases.return_from_backup import ReturnFromBackup
from services.segmenter.usecases.run_refresh import RunRefresh
from services.segmenter.usecases.tell_progress import TellProgress
from services.segmenter.usecases.tend_alerts import TendAlerts
from services.segmenter.usecases.turn_day import TurnDay
from shared.basics.days import zone
from shared.contracts import customers_v1, segments_v1
from shared.database.changes import ReadChanges
from shared.database.engine import Database
from shared.http.client import ServiceClient
from shared.http.process import process_of
from shared.http.side_door import side_door
from shared.messaging.audit import Auditor
from shared.messaging.behind import TendBehind
from shared.messaging.bootstrap import Bootstrap
from shared.messaging.consumer import Consumer
from shared.messaging.producer import Producer
from shared.messaging.relay import Relay
from shared.messaging.repair import Repairer
from shared.messaging.snapshots import Snapshots
from shared.messaging.taking import Taking
from shared.messaging.verify import Verifier
from shared.runtime.clock import Clock
from shared.runtime.loops import Loop, StopFlag, repeat, run_loops
from shared.runtime.ticker import Ticker

log = structlog.get_logger(__name__)

_GROUP = "segmenter"
_REPAIR_IDLE_SECONDS = 0.5
_TICK_SECONDS = 0.25
_WEBHOOK_IDLE_SECONDS = 0.5
_WEBHOOKS_AT_ONCE = 4


def api(settings: Settings) -> FastAPI:
    """The app of the ``api`` role."""
    database, clock = Database(settings.segmenter_database_url, name="segmenter-api"), settings.clock()
    poster = Poster(anywhere=settings.environment == "local")
    doors = use_cases(database, clock, settings.business_time_zone, settings.currencies, poster)
    return create(doors, process_of(settings, database, measure=Measure(database, clock, settings.zone)))


def use_cases(
    database: Database, clock: Clock, business_time_zone: str, currencies: tuple[str, ...], poster: Poster
) -> UseCases:
    """Each use case that HTTP reaches, with the parts it needs."""
    check_rule = CheckRule(database, currencies)
    return UseCases(
        check_rule=check_rule,
        edit_draft=EditDraft(database, clock),
        preview_draft=PreviewDraft(database, clock),
        refresh_cascade=RefreshCascade(database, clock),
        read_cascade=ReadCascade(database, clock),
        diagnose_segment=DiagnoseSegment(database, clock),
        read_standing=ReadStanding(database, clock),
        explain_customer=ExplainCustomer(database, clock),
        foretell_customer=ForetellCustomer(database, clock),
        read_forecast=ReadForecast(database),
        read_glossary=ReadGlossary(database, clock),
        read_history=ReadHistory(database),
        list_standings=ListStandings(database),
        find_customers=FindCustomers(database, clock, check_rule),
        keep_flows=KeepFlows(database, clock),
        keep_alert_rules=KeepAlertRules(database, clock, check_rule),
        tend_alerts=TendAlerts(database),
        keep_webhooks=KeepWebhooks(database, clock, poster),
        report_status=ReportStatus(database, clock, zone(business_time_zone)),
        read_changes=ReadChanges(database),
        tend_behind=TendBehind(database),
        business_time_zone=business_time_zone,
        currencies=currencies,
    )


def customer_events(settings: Settings, database: Database) -> CustomerEvents:
    """What a command hears and repairs with; the relay of a ``worker`` finds by itself what it tells."""
    clock = settings.clock()
    return CustomerEvents(ApplyEvents(database, clock, lambda: None), ReplaceCustomer(clock))


def taking(database: Database, events: CustomerEvents) -> Taking:
    """How a worker takes the batches that it hears: large ones in two transactions at once (decision 64)."""
    return Taking(database, events.apply, sequenced=[customers_v1.TOPIC], shares=2)


def webhooks(settings: Settings, database: Database) -> KeepWebhooks:
    """What a command tends webhooks with."""
    return KeepWebhooks(database, settings.clock(), Poster(anywhere=settings.environment == "local"))


@asynccontextmanager
async def verifying(settings: Settings, database: Database) -> AsyncIterator[Verifier]:
    """What a command verifies with."""
    async with ServiceClient(settings.customers_url, settings.service_api_key.get_secret_value()) as customers:
        replace = customer_events(settings, database).replace
        yield Verifier(database, Snapshots(customers), replace, page_of_positions, TABLES)


async def worker(settings: Settings, stop: StopFlag) -> None:
    """The ``worker`` role until the flag goes up: hear, repair, tick, tell."""
    clock = settings.clock()
    async with AsyncExitStack() as opened:
        database = Database(settings.segmenter_database_url, name="segmenter-worker")
        opened.push_async_callback(database.close)
        customers = await opened.enter_async_context(
            ServiceClient(settings.customers_url, settings.service_api_key.get_secret_value())
        )
        tls = settings.kafka_tls()
        relay = Relay(database, Producer(settings.kafka_bootstrap_servers, segments_v1.TOPIC, tls), SOURCE)
        events = CustomerEvents(ApplyEvents(database, clock, relay.wake), ReplaceCustomer(clock))
        take = taking(database, events).take
        consumer = Consumer(settings.kafka_bootstrap_servers, _GROUP, TYPES, take, clock, tls)
        snapshots = Snapshots(customers)
        repairer = Repairer(database, snapshots.fetch, events.replace)
        bootstrap = Bootstrap(database, snapshots.read, repairer, events.declare)
        auditor = Auditor(database, clock, snapshots, page_of_positions, events.declare)
        addresses = await opened.enter_async_context(reading_suppressions(settings, database, clock, relay.wake))
        ticker = Ticker(
            {
                "turn_day": TurnDay(database, clock).step,
                "foretell_portfolio": ForetellPortfolio(database, clock).step,
                "run_refresh": RunRefresh(database, clock).step,
                "judge_history_load": JudgeHistoryLoad(database, clock).step,
                "judge_alert_rules": JudgeAlertRules(database, clock).step,
                "count_variables": CountVariables(database, clock).step,
                "return_from_backup": ReturnFromBackup(database).step,
                "tell_progress": TellProgress(database, clock, settings.zone, relay.wake).step,
            },
            seconds=_TICK_SECONDS,
        )
        webhooks = PostToWebhooks(database, Poster(anywhere=settings.environment == "local"))
        door = side_door(settings, database.is_ready, Measure(database, clock, settings.zone), "segmenter")
        await run_loops(
            stop,
            bootstrap.before(consumer.run),
            relay.run,
            repeat("repair", repairer.step, idle_seconds=_REPAIR_IDLE_SECONDS),
            repeat("read_everything", bootstrap.step, idle_seconds=_REPAIR_IDLE_SECONDS),
            repeat("audit", auditor.step, idle_seconds=_REPAIR_IDLE_SECONDS),
            ticker.run,
            *[repeat("webhooks", webhooks.step, idle_seconds=_WEBHOOK_IDLE_SECONDS)] * _WEBHOOKS_AT_ONCE,
            *addresses,
            *door,
        )


@asynccontextmanager
async def reading_suppressions(
    settings: Settings, database: Database, clock: Clock, wake: Callable[[], None]
) -> AsyncIterator[list[Loop]]:
    """The loop that reads suppressed addresses; none where nobody says who has them."""
    if settings.statements_url is None:
        log.info("suppressions_not_read", reason="STATEMENTS_URL is not set")
        yield []
        return
    async with ServiceClient(settings.statements_url, settings.service_api_key.get_secret_value()) as statements:
        step = ReadSuppressions(database, clock, Suppressions(statements).page, wake).step
        yield [repeat("read_suppressions", step, idle_seconds=_REPAIR_IDLE_SECONDS)]
