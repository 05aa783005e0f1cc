"""The doors from HTTP into the use cases: what each route may call, handed over by ``wiring``.

Dependencies here are ``async``, although they await nothing: FastAPI would send others through a thread.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from services.statements.usecases.cancel_run import CancelRun
from services.statements.usecases.copy_rule import CopyRule
from services.statements.usecases.delete_rule import DeleteRule
from services.statements.usecases.dry_run import DryRun
from services.statements.usecases.explain_why import ExplainWhy
from services.statements.usecases.hear_gateway_news import HearGatewayNews
from services.statements.usecases.lift_suppression import LiftSuppression
from services.statements.usecases.put_rule import PutRule
from services.statements.usecases.read_deliveries import ReadDeliveries
from services.statements.usecases.read_rules import ReadRules
from services.statements.usecases.read_runs import ReadRuns
from services.statements.usecases.report_status import ReportStatus
from services.statements.usecases.resolve_unknown import ResolveUnknown
from services.statements.usecases.send_trial import SendTrial
from services.statements.usecases.state_customer import StateCustomer
from services.statements.usecases.switch_rule import SwitchRule
from shared.database.changes import ReadChanges
from shared.messaging.behind import TendBehind


@dataclass(frozen=True)
class UseCases:
    """Every use case that HTTP reaches, and what the ways in need to know themselves."""

    put_rule: PutRule
    switch_rule: SwitchRule
    copy_rule: CopyRule
    delete_rule: DeleteRule
    read_rules: ReadRules
    dry_run: DryRun
    send_trial: SendTrial
    explain_why: ExplainWhy
    read_runs: ReadRuns
    cancel_run: CancelRun
    resolve_unknown: ResolveUnknown
    read_deliveries: ReadDeliveries
    state_customer: StateCustomer
    hear_gateway_news: HearGatewayNews
    lift_suppression: LiftSuppression
    report_status: ReportStatus
    read_changes: ReadChanges
    tend_behind: TendBehind
    business_time_zone: str
    webhook_secret: str


async def _use_cases(request: Request) -> UseCases:
    doors: UseCases = request.app.state.use_cases
    return doors


Doors = Annotated[UseCases, Depends(_use_cases)]
