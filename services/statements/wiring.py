"""Opens what a role needs once, hands each part only what it needs, and closes in reverse."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from fastapi import FastAPI

from services.statements.domain.breaker import Breaker
from services.statements.domain.pace import Pace
from services.statements.domain.sending import Policy
from services.statements.inbound.commands.after_restore import Restored
from services.statements.inbound.events import SEQUENCED, TYPES, EventsIn
from services.statements.inbound.http.app import create
from services.statements.inbound.http.doors import UseCases
from services.statements.inbound.own_events import read_own_events
from services.statements.outbound.events import SOURCE
from services.statements.outbound.gateways import MailGateway, gateway_at
from services.statements.outbound.letter import Letterhead
from services.statements.outbound.logo import read_logo
from services.statements.outbound.mail import write_mails
from services.statements.outbound.notes import write_notes
from services.statements.outbound.segmenter import Segmenter
from services.statements.outbound.standings import Standings
from services.statements.settings import Settings
from services.statements.storage.customers import page_of_positions
from services.statements.storage.verified import TABLES
from services.statements.usecases.advance_runs import AdvanceRuns
from services.statements.usecases.ask_audiences import AskAudiences
from services.statements.usecases.cancel_run import CancelRun
from services.statements.usecases.copy_rule import CopyRule
from services.statements.usecases.delete_rule import DeleteRule
from services.statements.usecases.dry_run import DryRun
from services.statements.usecases.explain_why import ExplainWhy
from services.statements.usecases.forget_content import ForgetContent
from services.statements.usecases.hear_events import HearEvents
from services.statements.usecases.hear_gateway_news import HearGatewayNews
from services.statements.usecases.lift_suppression import LiftSuppression
from services.statements.usecases.measure import Measure
from services.statements.usecases.plan_runs import PlanRuns
from services.statements.usecases.prepare_mails import PrepareMails
from services.statements.usecases.prepare_messages import PrepareMessages
from services.statements.usecases.put_rule import PutRule
from services.statements.usecases.read_deliveries import ReadDeliveries
from services.statements.usecases.read_rules import ReadRules
from services.statements.usecases.read_runs import ReadRuns
from services.statements.usecases.read_standings import ReadStandings
from services.statements.usecases.record_due_runs import RecordDueRuns
from services.statements.usecases.report_status import ReportStatus
from services.statements.usecases.resolve_unknown import ResolveUnknown
from services.statements.usecases.return_from_backup import ReturnFromBackup
from services.statements.usecases.send_mails import SendMails
from services.statements.usecases.send_trial import SendTrial
from services.statements.usecases.start_runs import StartRuns
from services.statements.usecases.state_customer import StateCustomer
from services.statements.usecases.switch_rule import SwitchRule
from services.statements.usecases.trace_sends import traced
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
from shared.messaging.verify import Verifier
from shared.runtime.beside import Line, started, starting
from shared.runtime.clock import Clock
from shared.runtime.loops import Bell, Loop, StopFlag, repeat, ringing, run_loops, stop_on_signals
from shared.runtime.ticker import Ticker

_GROUP = "statements"
_CONNECTIONS = 20
_HEARING_IDLE_SECONDS = 0.5
_SENDING_IDLE_SECONDS = 0.2
_WRITER = ("services.statements", "writer")
_WRITERS = 2
_SENDERS = 2
"""Loops of one kind in a process: one waits for PostgreSQL while another works."""


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
            logo=read_logo(settings.company_logo_file) if settings.company_logo_file else None,
        )


def api(settings: Settings) -> FastAPI:
    """The app of the ``api`` role."""
    database = Database(settings.statements_database_url, name="statements-api")
    parts = Parts(database, settings.clock(), settings)
    client = _segmenter_client(settings)
    gateway = gateway_at(str(settings.mail_gateway_url), parts.clock)

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        async with client, gateway:
            yield

    doors = use_cases(parts, Segmenter(client), gateway)
    return create(doors, process_of(settings, database, measure=Measure(database, parts.clock), lifespan=living))


def _segmenter_client(settings: Settings) -> ServiceClient:
    return ServiceClient(str(settings.segmenter_url), settings.service_api_key.get_secret_value())


def use_cases(parts: Parts, segmenter: Segmenter, gateway: MailGateway) -> UseCases:
    """Each use case that HTTP reaches, with the parts it needs."""
    database, clock, settings = parts.database, parts.clock, parts.settings
    letterhead = parts.letterhead
    state_customer = StateCustomer(database, clock, letterhead)
    topics = (customers_v1.TOPIC, segments_v1.TOPIC)
    return UseCases(
        put_rule=PutRule(database, clock, segmenter.check),
        switch_rule=SwitchRule(database, clock),
        copy_rule=CopyRule(database, clock),
        delete_rule=DeleteRule(database, clock),
        read_rules=ReadRules(database, clock),
        dry_run=DryRun(database, clock, segmenter, settings.zone),
        send_trial=SendTrial(database, state_customer, partial(write_mails, letterhead), gateway.send),
        explain_why=ExplainWhy(database, clock, segmenter, settings.zone),
        read_runs=ReadRuns(database),
        cancel_run=CancelRun(database),
        resolve_unknown=ResolveUnknown(database, clock),
        read_deliveries=ReadDeliveries(database),
        state_customer=state_customer,
        hear_gateway_news=HearGatewayNews(database, clock),
        lift_suppression=LiftSuppression(database, clock),
        report_status=ReportStatus(database, clock, settings.business_time_zone, settings.currencies, topics),
        read_changes=ReadChanges(database),
        tend_behind=TendBehind(database),
        business_time_zone=settings.business_time_zone,
        webhook_secret=settings.gateway_webhook_secret.get_secret_value(),
    )


async def run_worker(settings: Settings) -> None:
    """The ``worker`` role until the process is told to stop: hear, repair, tick, send, tell; it starts its writer."""
    stop = StopFlag()
    stop_on_signals(stop)
    async with AsyncExitStack() as opened:
        database = Database(settings.statements_database_url, name="statements-worker", connections=_CONNECTIONS)
        opened.push_async_callback(database.close)
        customers = await opened.enter_async_context(
            ServiceClient(str(settings.customers_url), settings.service_api_key.get_secret_value())
        )
        parts = Parts(database, settings.clock(), settings)
        segmenter_client = await opened.enter_async_context(_segmenter_client(settings))
        segmenter = Segmenter(segmenter_client)
        gateway = await opened.enter_async_context(gateway_at(str(settings.mail_gateway_url), parts.clock))
        producer = Producer(settings.kafka_bootstrap_servers, statements_v1.TOPIC, settings.kafka_tls())
        relay = Relay(database, producer, SOURCE)
        steps = tasks(parts, segmenter, gateway, relay.wake)
        written = Bell()
        writer = Line(written)
        loops = [starting(_WRITER, writer), *ticking(steps, writer.ring), *sending(steps, written)]
        door = side_door(settings, database.is_ready, Measure(database, parts.clock), "statements")
        await run_loops(stop, relay.run, *hearing(parts, customers, segmenter_client), *loops, *door)


async def run_writer(settings: Settings) -> None:
    """The ``writer`` role, a process beside each worker, for as long as that runs: plan runs and write their mails."""
    async with AsyncExitStack() as opened:
        database = Database(settings.statements_database_url, name="statements-writer", connections=_WRITERS + 2)
        opened.push_async_callback(database.close)
        planned = Bell()
        worker = Line(planned)
        loops = writing(writing_tasks(Parts(database, settings.clock(), settings)), planned, worker.ring)
        await run_loops(StopFlag(), started(worker), *loops)


def events_in(settings: Settings, database: Database) -> EventsIn:
    """What a command hears and repairs with."""
    return EventsIn(HearEvents(database, settings.clock(), SEQUENCED))


def restored(settings: Settings, database: Database) -> Restored:
    """What a command brings a restored database back with."""
    read = partial(read_own_events, settings.kafka_bootstrap_servers)
    return Restored(ReturnFromBackup(database, read), settings.clock())


@asynccontextmanager
async def verifying(settings: Settings, database: Database) -> AsyncIterator[Verifier]:
    """What a command verifies with."""
    async with ServiceClient(str(settings.customers_url), settings.service_api_key.get_secret_value()) as customers:
        replace = events_in(settings, database).replace
        yield Verifier(database, Snapshots(customers), replace, page_of_positions, TABLES)


def hearing(parts: Parts, customers: ServiceClient, segmenter: ServiceClient) -> list[Loop]:
    """The loops that take facts in."""
    events = EventsIn(HearEvents(parts.database, parts.clock, SEQUENCED))
    taking = Taking(parts.database, events.apply, SEQUENCED)
    servers, tls = parts.settings.kafka_bootstrap_servers, parts.settings.kafka_tls()
    consumer = Consumer(servers, _GROUP, TYPES, taking.take, parts.clock, tls)
    snapshots = Snapshots(customers)
    repairer = Repairer(parts.database, snapshots.fetch, events.replace)
    bootstrap = Bootstrap(parts.database, snapshots.read, repairer)
    auditor = Auditor(parts.database, parts.clock, snapshots, page_of_positions)
    read_standings = ReadStandings(parts.database, parts.clock, Standings(segmenter).page)
    return [
        bootstrap.before(consumer.run),
        repeat("repair", repairer.step, idle_seconds=_HEARING_IDLE_SECONDS),
        repeat("read_everything", bootstrap.step, idle_seconds=_HEARING_IDLE_SECONDS),
        repeat("audit", auditor.step, idle_seconds=_HEARING_IDLE_SECONDS),
        repeat("read_standings", read_standings.step, idle_seconds=_HEARING_IDLE_SECONDS),
    ]


@dataclass(frozen=True)
class Tasks:
    """The steps of a worker, from the tick that finds a period due to a mail's outcome."""

    record_due_runs: RecordDueRuns
    advance_runs: AdvanceRuns
    ask_audiences: AskAudiences
    send_mails: SendMails
    forget_content: ForgetContent


@dataclass(frozen=True)
class WritingTasks:
    """The steps of its writer, between the two: from a run that has started to mails that are due."""

    plan_runs: PlanRuns
    prepare_mails: PrepareMails
    prepare_messages: PrepareMessages


def tasks(parts: Parts, segmenter: Segmenter, gateway: MailGateway, wake: Callable[[], None]) -> Tasks:
    """The worker's steps with the parts each needs."""
    database, clock, settings = parts.database, parts.clock, parts.settings
    start_runs = StartRuns(clock, customers_v1.TOPIC, segments_v1.TOPIC)
    policy = Policy(settings.mail_gateway_honours_keys and gateway.honours_keys, settings.send_retry_seconds)
    pace = Pace(settings.sends_per_second) if settings.sends_per_second else None
    send = traced(database, gateway.send)
    return Tasks(
        record_due_runs=RecordDueRuns(database, clock),
        advance_runs=AdvanceRuns(database, clock, start_runs),
        ask_audiences=AskAudiences(database, clock, segmenter.ids, start_runs),
        send_mails=SendMails(database, clock, send, policy, pace, Breaker(policy.first_pause), wake),
        forget_content=ForgetContent(database, clock, timedelta(days=settings.content_retention_days)),
    )


def writing_tasks(parts: Parts) -> WritingTasks:
    """The writer's steps with the parts each needs."""
    database, clock, head = parts.database, parts.clock, parts.letterhead
    return WritingTasks(
        plan_runs=PlanRuns(database, clock),
        prepare_mails=PrepareMails(database, clock, partial(write_mails, head)),
        prepare_messages=PrepareMessages(database, clock, partial(write_notes, head)),
    )


def ticking(steps: Tasks, wake_writer: Callable[[], None]) -> list[Loop]:
    """The loop that finds out what is due."""
    ticker = Ticker(
        {
            "record_due_runs": steps.record_due_runs,
            "advance_runs": ringing(steps.advance_runs, wake_writer),
            "ask_audiences": ringing(steps.ask_audiences, wake_writer),
            "settle_lost": steps.send_mails.settle_lost,
            "forget_content": steps.forget_content,
        },
        seconds=_SENDING_IDLE_SECONDS,
    )
    return [ticker.run]


def sending(steps: Tasks, written: Bell) -> list[Loop]:
    """The loops that send what is ``written``: while one notes what came of its mails, another calls the gateway."""
    return [repeat("send_mails", steps.send_mails, idle_seconds=_SENDING_IDLE_SECONDS, bell=written)] * _SENDERS


def writing(steps: WritingTasks, planned: Bell, wake_worker: Callable[[], None]) -> list[Loop]:
    """The loops that write mails of what is ``planned``: while one reads and keeps, another writes."""
    mine = [
        ("plan_runs", ringing(steps.plan_runs, planned.ring)),
        *[("prepare_mails", ringing(steps.prepare_mails, wake_worker))] * _WRITERS,
        ("prepare_messages", ringing(steps.prepare_messages, wake_worker)),
    ]
    return [repeat(name, step, idle_seconds=_SENDING_IDLE_SECONDS, bell=planned) for name, step in mine]
