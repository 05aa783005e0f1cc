"""The ``api`` role and the use cases that HTTP reaches."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from fastapi import FastAPI

from services.statements.inbound.http.app import create
from services.statements.inbound.http.doors import UseCases
from services.statements.outbound.gateways import MailGateway, gateway_at
from services.statements.outbound.mail import write_mails
from services.statements.outbound.segmenter import Segmenter
from services.statements.settings import Settings
from services.statements.usecases.cancel_run import CancelRun
from services.statements.usecases.copy_rule import CopyRule
from services.statements.usecases.delete_rule import DeleteRule
from services.statements.usecases.dry_run import DryRun
from services.statements.usecases.explain_why import ExplainWhy
from services.statements.usecases.hear_gateway_news import HearGatewayNews
from services.statements.usecases.lift_suppression import LiftSuppression
from services.statements.usecases.measure import Measure
from services.statements.usecases.put_rule import PutRule
from services.statements.usecases.read_deliveries import ReadDeliveries
from services.statements.usecases.read_rules import ReadRules
from services.statements.usecases.read_runs import ReadRuns
from services.statements.usecases.report_status import ReportStatus
from services.statements.usecases.resolve_unknown import ResolveUnknown
from services.statements.usecases.send_trial import SendTrial
from services.statements.usecases.state_customer import StateCustomer
from services.statements.usecases.switch_rule import SwitchRule
from services.statements.wiring.parts import Parts
from shared.contracts import customers_v1, segments_v1
from shared.database.changes import ReadChanges
from shared.database.engine import Database
from shared.http.client import service_client
from shared.http.process import process_of
from shared.messaging.behind import TendBehind


def api(settings: Settings) -> FastAPI:
    """The app of the ``api`` role."""
    database = Database(settings.statements_database_url, name="statements-api")
    parts = Parts(database, settings.clock(), settings)
    client = service_client(settings.segmenter_url, settings)
    gateway = gateway_at(str(settings.mail_gateway_url), parts.clock)

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        async with client, gateway:
            yield

    doors = use_cases(parts, Segmenter(client), gateway)
    return create(doors, process_of(settings, database, measure=Measure(database, parts.clock), lifespan=living))


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
        cancel_run=CancelRun(database, clock),
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
