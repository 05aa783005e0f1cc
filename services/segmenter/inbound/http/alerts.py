"""Alerts over HTTP: the call list, and what became of each."""

from datetime import date
from decimal import InvalidOperation
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, StringConstraints

from services.segmenter.domain.alerts import Alert
from services.segmenter.inbound.http.doors import Doors
from services.segmenter.storage.alerts import Wanted
from shared.basics.money import amount_text, parse_amount
from shared.http.access import Who
from shared.http.answers import MoneyAnswer
from shared.http.fields import Id
from shared.http.pages import Cursor, Limit, Page, decode_cursor, no_cursor, page_of

router = APIRouter(prefix="/alerts", tags=["alerts"])


class AlertAnswer(BaseModel):
    """An alert; ``reasons`` are the conditions that were true, ``as_of`` the day it was raised for."""

    alert_id: str
    alert_rule: str
    customer_id: str
    name: str
    phone: str | None
    action: str
    status: str
    as_of: date
    overdue_balance: MoneyAnswer
    days_past_due: int
    reasons: list[dict[str, Any]]

    @classmethod
    def of(cls, alert: Alert) -> "AlertAnswer":
        return cls(
            alert_id=alert.alert_id,
            alert_rule=alert.alert_rule_id,
            customer_id=alert.customer_id,
            name=alert.name,
            phone=alert.phone,
            action=alert.action,
            status=alert.status,
            as_of=alert.as_of,
            overdue_balance=MoneyAnswer.of(alert.overdue_balance),
            days_past_due=alert.days_past_due,
            reasons=alert.reasons,
        )


async def _wanted(
    action: Annotated[Literal["notify", "call", "message"] | None, Query()] = None,
    status: Annotated[Literal["open", "acknowledged", "dismissed", "cleared"] | None, Query()] = None,
    rule: Annotated[Id | None, Query()] = None,
    currency: Annotated[str | None, StringConstraints(pattern="^[A-Z]{3}$"), Query()] = None,
) -> Wanted:
    return Wanted(action, status, rule, currency)


async def _after(cursor: Cursor = None) -> tuple[str, str] | None:
    key = decode_cursor(cursor, 2)
    if key is None:
        return None
    try:
        balance, alert_id = parse_amount(key[0]), UUID(key[1])
    except (TypeError, ValueError, AttributeError, InvalidOperation) as error:
        raise no_cursor() from error
    return str(balance), str(alert_id)


@router.get("")
async def list_alerts(
    doors: Doors,
    wanted: Annotated[Wanted, Depends(_wanted)],
    after: Annotated[tuple[str, str] | None, Depends(_after)],
    limit: Limit = 50,
) -> Page[AlertAnswer]:
    """Alerts, the largest overdue balance first."""
    found = await doors.tend_alerts.page(wanted, after, limit)
    return page_of(found, limit, _key, AlertAnswer.of)


def _key(alert: Alert) -> tuple[str, str]:
    return amount_text(alert.overdue_balance.amount), alert.alert_id


AlertId = Annotated[UUID, Path()]


@router.post("/{alert_id}/acknowledge")
async def acknowledge(alert_id: AlertId, doors: Doors, who: Who) -> AlertAnswer:
    """Say that the alert is being seen to."""
    return AlertAnswer.of(await doors.tend_alerts.settle(str(alert_id), "acknowledged", by=who.name))


@router.post("/{alert_id}/dismiss")
async def dismiss(alert_id: AlertId, doors: Doors, who: Who) -> AlertAnswer:
    """Say that nothing is to be done about the alert."""
    return AlertAnswer.of(await doors.tend_alerts.settle(str(alert_id), "dismissed", by=who.name))
