"""Opens what a role needs once, hands each part only what it needs, and closes in reverse."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial

from fastapi import FastAPI

from services.statements.domain.sending import Policy
from services.statements.inbound.events import SEQUENCED, TYPES, EventsIn
from services.statements.inbound.http.app import create
from services.statements.inbound.http.doors import UseCases
from services.statements.outbound.events import SOURCE
from services.statements.outbound.gateway import MailGateway
from services.statements.outbound.letter import Letterhead
from services.statements.outbound.mail import write_mails
from services.statements.settings import Settings
from services.statements.storage.customers import page_of_positions
from services.statements.usecases.advance_runs import AdvanceRuns
from services.statements.usecases.copy_rule import CopyRule
from services.statements.usecases.delete_rule import DeleteRule
from services.statements.usecases.hear_events import HearEvents
from services.statements.usecases.hear_gateway_news import HearGatewayNews
from services.statements.usecases.measure import Measure
from services.statements.usecases.plan_runs import PlanRuns
from services.statements.usecases.prepare_mails import PrepareMails
from services.statements.usecases.put_rule import PutRule
from services.statements.usecases.read_deliveries import ReadDeliveries
from services.statements.usecases.read_rules import ReadRules
from services.statements.usecases.read_runs import ReadRuns
from services.statements.usecases.record_due_runs import RecordDueRuns
from services.statements.usecases.report_status import ReportStatus
from services.statements.usecases.send_mails import Send, SendMails
from services.statements.usecases.state_customer import StateCustomer
from services.statements.usecases.switch_rule import SwitchRule
from shared.contracts import customers_v1, segments_v1, statements_v1
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
from shared.runtime.clock import Clock
from shared.runtime.loops import Loop, StopFlag, repeat, run_loops, stop_on_signals
from shared.runtime.ticker import Ticker

_GROUP = "statements"
_CONNECTIONS = 20
_IDLE_SECONDS = 0.5


@dataclass(frozen=True)
class Parts:
    """What use cases are made of."""

    database: Database
    clock: Clock
    settings: Settings

    @property
    def letterhead(self) -> Letterhead:
        settings = self.settings
        return Letterhead(
            company=settings.company_name,
            colour=settings.company_colour,
            sender=settings.mail_from,
            reply_to=settings.mail_reply_to,
            payment_link=settings.payment_link,
        )


def api(settings: Settings) -> FastAPI:
    """The app of the ``api`` role."""
    database = Database(settings.statements_database_url, name="statements-api")
    parts = Parts(database, settings.clock(), settings)
    return create(use_cases(parts), process_of(settings, database, measure=Measure(database, parts.clock)))


def use_cases(parts: Parts) -> UseCases:
    """Each use case that HTTP reaches, with the parts it needs."""
    database, clock, settings = parts.database, parts.clock, parts.settings
    topics = (customers_v1.TOPIC, segments_v1.TOPIC)
    return UseCases(
        put_rule=PutRule(database, clock),
        switch_rule=SwitchRule(database, clock),
        copy_rule=CopyRule(database, clock),
        delete_rule=DeleteRule(database, clock),
        read_rules=ReadRules(database, clock),
        read_runs=ReadRuns(database),
        read_deliveries=ReadDeliveries(database),
        state_customer=StateCustomer(database, clock, parts.letterhead),
        hear_gateway_news=HearGatewayNews(database, clock),
        report_status=ReportStatus(database, clock, settings.business_time_zone, settings.currencies, topics),
        read_changes=ReadChanges(database),
        tend_behind=TendBehind(database),
        business_time_zone=settings.business_time_zone,
        webhook_secret=settings.gateway_webhook_secret.get_secret_value(),
    )


async def run_worker(settings: Settings) -> None:
    """The ``worker`` role until the process is told to stop: hear, repair, tick, prepare, send, tell."""
    stop = StopFlag()
    stop_on_signals(stop)
    async with AsyncExitStack() as opened:
        database = Database(settings.statements_database_url, name="statements-worker", connections=_CONNECTIONS)
        opened.push_async_callback(database.close)
        customers = await opened.enter_async_context(
            ServiceClient(str(settings.customers_url), settings.service_api_key.get_secret_value())
        )
        gateway = await opened.enter_async_context(MailGateway(str(settings.mail_gateway_url)))
        relay = Relay(database, Producer(settings.kafka_bootstrap_servers, statements_v1.TOPIC), SOURCE)
        parts = Parts(database, settings.clock(), settings)
        steps = tasks(parts, gateway.send, relay.wake)
        door = side_door(settings, database.is_ready, Measure(database, parts.clock))
        await run_loops(stop, relay.run, *hearing(parts, customers), *sending(steps), *door)


def hearing(parts: Parts, customers: ServiceClient) -> list[Loop]:
    """The loops that take facts in."""
    events = EventsIn(HearEvents(parts.database, parts.clock, SEQUENCED))
    taking = Taking(parts.database, events.apply, SEQUENCED)
    consumer = Consumer(parts.settings.kafka_bootstrap_servers, _GROUP, TYPES, taking.take, parts.clock)
    snapshots = Snapshots(customers)
    repairer = Repairer(parts.database, snapshots.fetch, events.replace)
    bootstrap = Bootstrap(parts.database, snapshots.read, repairer)
    auditor = Auditor(parts.database, parts.clock, snapshots, page_of_positions)
    return [
        bootstrap.before(consumer.run),
        repeat("repair", repairer.step, idle_seconds=_IDLE_SECONDS),
        repeat("read_everything", bootstrap.step, idle_seconds=_IDLE_SECONDS),
        repeat("audit", auditor.step, idle_seconds=_IDLE_SECONDS),
    ]


@dataclass(frozen=True)
class Tasks:
    """The steps that bring statements out, from the tick that finds a period due to the mail's outcome."""

    record_due_runs: RecordDueRuns
    advance_runs: AdvanceRuns
    plan_runs: PlanRuns
    prepare_mails: PrepareMails
    send_mails: SendMails


def tasks(parts: Parts, send: Send, wake: Callable[[], None]) -> Tasks:
    """The worker's steps with the parts each needs."""
    database, clock, settings = parts.database, parts.clock, parts.settings
    policy = Policy(settings.mail_gateway_honours_keys, settings.send_retry_seconds)
    return Tasks(
        record_due_runs=RecordDueRuns(database, clock),
        advance_runs=AdvanceRuns(database, clock, customers_v1.TOPIC, segments_v1.TOPIC),
        plan_runs=PlanRuns(database, clock),
        prepare_mails=PrepareMails(database, clock, partial(write_mails, parts.letterhead)),
        send_mails=SendMails(database, clock, send, policy, wake),
    )


def sending(steps: Tasks) -> list[Loop]:
    """The loops that bring statements out."""
    ticker = Ticker(
        {
            "record_due_runs": steps.record_due_runs,
            "advance_runs": steps.advance_runs,
            "plan_runs": steps.plan_runs,
            "settle_lost": steps.send_mails.settle_lost,
        },
        seconds=_IDLE_SECONDS,
    )
    return [
        ticker.run,
        repeat("prepare_mails", steps.prepare_mails, idle_seconds=_IDLE_SECONDS),
        repeat("send_mails", steps.send_mails, idle_seconds=_IDLE_SECONDS),
    ]
