"""The doors from HTTP into the use cases: what each route may call, handed over by ``wiring``."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from services.statements.usecases.copy_rule import CopyRule
from services.statements.usecases.delete_rule import DeleteRule
from services.statements.usecases.hear_gateway_news import HearGatewayNews
from services.statements.usecases.put_rule import PutRule
from services.statements.usecases.read_deliveries import ReadDeliveries
from services.statements.usecases.read_rules import ReadRules
from services.statements.usecases.read_runs import ReadRuns
from services.statements.usecases.report_status import ReportStatus
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
    read_runs: ReadRuns
    read_deliveries: ReadDeliveries
    state_customer: StateCustomer
    hear_gateway_news: HearGatewayNews
    report_status: ReportStatus
    read_changes: ReadChanges
    tend_behind: TendBehind
    business_time_zone: str
    webhook_secret: str


def _use_cases(request: Request) -> UseCases:
    doors: UseCases = request.app.state.use_cases
    return doors


Doors = Annotated[UseCases, Depends(_use_cases)]
