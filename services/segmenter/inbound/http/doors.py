"""The doors from HTTP into the use cases: what each route may call, handed over by ``wiring``.

Dependencies here are ``async``, although they await nothing: FastAPI would send others through a thread.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

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
from services.segmenter.usecases.preview_draft import PreviewDraft
from services.segmenter.usecases.read_cascade import ReadCascade
from services.segmenter.usecases.read_forecast import ReadForecast
from services.segmenter.usecases.read_glossary import ReadGlossary
from services.segmenter.usecases.read_history import ReadHistory
from services.segmenter.usecases.read_standing import ReadStanding
from services.segmenter.usecases.refresh_cascade import RefreshCascade
from services.segmenter.usecases.report_status import ReportStatus
from services.segmenter.usecases.tend_alerts import TendAlerts
from shared.database.changes import ReadChanges
from shared.messaging.behind import TendBehind


@dataclass(frozen=True)
class UseCases:
    """Every use case that HTTP reaches, and what the status tells of the deployment."""

    check_rule: CheckRule
    edit_draft: EditDraft
    preview_draft: PreviewDraft
    refresh_cascade: RefreshCascade
    read_cascade: ReadCascade
    diagnose_segment: DiagnoseSegment
    read_standing: ReadStanding
    explain_customer: ExplainCustomer
    foretell_customer: ForetellCustomer
    read_forecast: ReadForecast
    read_glossary: ReadGlossary
    read_history: ReadHistory
    list_standings: ListStandings
    find_customers: FindCustomers
    keep_flows: KeepFlows
    keep_alert_rules: KeepAlertRules
    tend_alerts: TendAlerts
    keep_webhooks: KeepWebhooks
    report_status: ReportStatus
    read_changes: ReadChanges
    tend_behind: TendBehind
    business_time_zone: str
    currencies: tuple[str, ...]


async def _use_cases(request: Request) -> UseCases:
    doors: UseCases = request.app.state.use_cases
    return doors


Doors = Annotated[UseCases, Depends(_use_cases)]
