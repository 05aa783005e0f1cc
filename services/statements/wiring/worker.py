"""The ``worker`` role: from the tick that finds a period due to a mail's outcome."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

from services.statements.domain.breaker import Breaker
from services.statements.domain.pace import Pace
from services.statements.domain.sending import Policy
from services.statements.inbound.events import SEQUENCED, TYPES, EventsIn
from services.statements.outbound.events import SOURCE
from services.statements.outbound.gateways import MailGateway, gateway_at
from services.statements.outbound.segmenter import Segmenter
from services.statements.outbound.standings import Standings
from services.statements.settings import Settings
from services.statements.usecases.advance_runs import AdvanceRuns
from services.statements.usecases.ask_audiences import AskAudiences
from services.statements.usecases.forget_content import ForgetContent
from services.statements.usecases.hear_events import HearEvents
from services.statements.usecases.measure import Measure
from services.statements.usecases.read_standings import ReadStandings
from services.statements.usecases.record_due_runs import RecordDueRuns
from services.statements.usecases.send_mails import SendMails
from services.statements.usecases.start_runs import StartRuns
from services.statements.usecases.trace_sends import traced
from services.statements.wiring.parts import Parts
from shared.contracts import customers_v1, segments_v1, statements_v1
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
from shared.runtime.child_process import Line, starting
from shared.runtime.loops import Bell, Loop, StopFlag, repeat, ringing, run_loops
from shared.runtime.ticker import Ticker

GROUP = "statements"
CONNECTIONS = 15
_HEARING_IDLE_SECONDS = 0.5
_SENDING_IDLE_SECONDS = 0.2
_UNHURRIED_SECONDS = 1.0
_WRITER = ("services.statements", "writer")
_SENDERS = 2
"""Loops of one kind: one waits for PostgreSQL while another works."""


@dataclass(frozen=True)
class Tasks:
    """Its steps; those between, from a run that has started to mails that are due, are the writer's."""

    record_due_runs: RecordDueRuns
    advance_runs: AdvanceRuns
    ask_audiences: AskAudiences
    send_mails: SendMails
    forget_content: ForgetContent


async def run_worker(settings: Settings, stop: StopFlag) -> None:
    """Hear, repair, tick, send and tell until the flag goes up; it starts its writer."""
    async with AsyncExitStack() as opened:
        database = Database(settings.statements_database_url, name="statements-worker", connections=CONNECTIONS)
        opened.push_async_callback(database.close)
        customers = await opened.enter_async_context(service_client(settings.customers_url, settings))
        parts = Parts(database, settings.clock(), settings)
        standings = await opened.enter_async_context(service_client(settings.segmenter_url, settings))
        segmenter = Segmenter(standings)
        gateway = await opened.enter_async_context(gateway_at(str(settings.mail_gateway_url), parts.clock))
        producer = Producer(settings.kafka_bootstrap_servers, statements_v1.TOPIC, settings.kafka_tls())
        relay = Relay(database, producer, SOURCE)
        steps = tasks(parts, segmenter, gateway, relay.wake)
        written = Bell()
        writer = Line(written)
        loops = [starting(_WRITER, writer), *ticking(steps, writer.ring), *sending(steps, written)]
        door = side_door(settings, database.is_ready, Measure(database, parts.clock), "statements")
        await run_loops(stop, relay.run, *hearing(parts, customers, standings, stop), *loops, *door)


def hearing(parts: Parts, customers: ServiceClient, segmenter: ServiceClient, stop: StopFlag) -> list[Loop]:
    """The loops that take facts in."""
    events = EventsIn(HearEvents(parts.database, parts.clock, SEQUENCED))
    taking = Taking(parts.database, events.apply, SEQUENCED, stop=stop)
    servers, tls = parts.settings.kafka_bootstrap_servers, parts.settings.kafka_tls()
    consumer = Consumer(servers, GROUP, TYPES, taking.take, parts.clock, tls)
    snapshots = Snapshots(customers)
    repairer = Repairer(parts.database, snapshots.fetch, events.replace)
    bootstrap = Bootstrap(parts.database, snapshots.read, repairer)
    auditor = Auditor(parts.database, parts.clock, snapshots)
    read_standings = ReadStandings(parts.database, parts.clock, Standings(segmenter).page)
    return [
        bootstrap.before(consumer.run),
        repeat("repair", repairer.step, idle_seconds=_HEARING_IDLE_SECONDS),
        repeat("read_everything", bootstrap.step, idle_seconds=_HEARING_IDLE_SECONDS),
        repeat("audit", auditor.step, idle_seconds=_HEARING_IDLE_SECONDS),
        repeat("read_standings", read_standings.step, idle_seconds=_HEARING_IDLE_SECONDS),
    ]


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


def ticking(steps: Tasks, wake_writer: Callable[[], None]) -> list[Loop]:
    """The loops that find out what is due."""
    ticker = Ticker(
        {
            "record_due_runs": steps.record_due_runs,
            "advance_runs": ringing(steps.advance_runs, wake_writer),
            "ask_audiences": ringing(steps.ask_audiences, wake_writer),
        },
        seconds=_SENDING_IDLE_SECONDS,
    )
    unhurried = Ticker(
        {"settle_lost": steps.send_mails.settle_lost, "forget_content": steps.forget_content},
        seconds=_UNHURRIED_SECONDS,
    )
    return [ticker.run, unhurried.run]


def sending(steps: Tasks, written: Bell) -> list[Loop]:
    """The loops that send what is ``written``: while one notes what came of its mails, another calls the gateway."""
    return [repeat("send_mails", steps.send_mails, idle_seconds=_SENDING_IDLE_SECONDS, bell=written)] * _SENDERS
