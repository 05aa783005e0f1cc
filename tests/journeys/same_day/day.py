"""The day all these journeys happen on, and the cascade in force on it."""

from datetime import date, timedelta
from itertools import count

from tests.oracle.accounts import account, paid
from tests.oracle.cascade import Segment
from tests.oracle.facts import Account, Fact

NOW = "2026-03-02T17:00:00-05:00"
TODAY = date(2026, 3, 2)

FLOW = {
    "flow_id": "llamada-cordial",
    "name": "Llamada cordial",
    "channels": ["phone", "email"],
    "frequency": "weekly",
    "content": "guion-3",
}

SEGMENTS = [
    Segment("reestructurados", "Reestructurados", {"variable": "portfolio", "operator": "eq", "value": "acuerdo"}),
    Segment(
        "pagos-fallidos",
        "Pagos fallidos",
        {"variable": "failed_payments", "operator": "gte", "value": 2, "within_days": 90},
        flow_id="llamada-cordial",
    ),
    Segment("buen-pagador", "Buen pagador", {"variable": "successful_payments", "operator": "gte", "value": 2}),
]

_numbers = count(1)


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def a_good_payer(*more: Fact) -> Account:
    """In *Buen pagador* by two payments that succeeded; other facts follow."""
    number = next(_numbers)
    return account(paid("100", on=days_ago(40)), paid("100", on=days_ago(10)), *more, customer_id=f"buena-{number}")
