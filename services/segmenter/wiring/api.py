"""The ``api`` role and the use cases that HTTP reaches."""

from fastapi import FastAPI

from services.segmenter.inbound.http.app import create
from services.segmenter.inbound.http.doors import UseCases
from services.segmenter.outbound.webhooks import Poster
from services.segmenter.settings import Settings
from services.segmenter.usecases.check_rule import CheckRule
from services.segmenter.usecases.diagnose_segment import DiagnoseSegment
from services.segmenter.usecases.edit_draft import EditDraft
from services.segmenter.usecases.explain_customer import ExplainCustomer
from services.segmenter.usecases.find_customers import FindCustomers
from services.segmenter.usecases.foretell_customer import ForetellCustomer
from services.segmenter.usecases.keep_alert_rules import KeepAlertRules
from services.segmenter.usecases.keep_flows import KeepFlows
from services.segmenter.usecases.keep_webhooks import KeepWebhooks
from services.segmenter.usecases.list_standings import ListStandings
from services.segmenter.usecases.measure import Measure
from services.segmenter.usecases.preview_draft import PreviewDraft
from services.segmenter.usecases.read_cascade import ReadCascade
from services.segmenter.usecases.read_forecast import ReadForecast
from services.segmenter.usecases.read_glossary import ReadGlossary
from services.segmenter.usecases.read_history import ReadHistory
from services.segmenter.usecases.read_standing import ReadStanding
from services.segmenter.usecases.recent_count import RecentCount
from services.segmenter.usecases.refresh_cascade import RefreshCascade
from services.segmenter.usecases.report_status import ReportStatus
from services.segmenter.usecases.tend_alerts import TendAlerts
from shared.basics.days import zone
from shared.database.changes import ReadChanges
from shared.database.engine import Database
from shared.http.process import process_of
from shared.messaging.behind import TendBehind
from shared.runtime.clock import Clock


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
        read_cascade=ReadCascade(database, RecentCount(database, clock)),
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
        tend_alerts=TendAlerts(database, clock),
        keep_webhooks=KeepWebhooks(database, clock, poster),
        report_status=ReportStatus(database, clock, zone(business_time_zone)),
        read_changes=ReadChanges(database),
        tend_behind=TendBehind(database),
        business_time_zone=business_time_zone,
        currencies=currencies,
    )
