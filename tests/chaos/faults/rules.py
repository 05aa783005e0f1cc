"""The cascade is edited and published again and again while facts come in."""

from tests.chaos.chaos import Chaos
from tests.chaos.row import Fired, fired
from tests.journeys.publishing import publish
from tests.oracle.cascade import Segment

_PORTFOLIO = Segment("acuerdos", "Acuerdos", {"variable": "portfolio", "operator": "eq", "value": "acuerdo"})
_FAILING = Segment(
    "con-fallos",
    "Con fallos",
    {"variable": "failed_payments", "operator": "gte", "value": 2, "within_days": 30},
)
_OWING = Segment("deudores", "Deudores", {"variable": "overdue_balance", "operator": "gt", "value": "500"})
_PAYING = Segment("al-dia", "Al día", {"variable": "last_payment_on", "operator": "within_last_days", "value": 5})
_RISKY = Segment("riesgo", "Riesgo", {"variable": "risk_level", "operator": "in", "value": ["high", "medium"]})

CASCADES = [
    [_PORTFOLIO, _FAILING, _OWING, _PAYING, _RISKY],
    [_PAYING, _RISKY, _OWING, _FAILING],
    [_OWING, _PORTFOLIO, _PAYING, _FAILING],
]


async def publish_under_load(chaos: Chaos, times: int) -> Fired:
    """Each publish takes another of three cascades; the last one counts."""
    done = []
    for turn in range(times):
        chaos.cascade = CASCADES[(turn + 1) % len(CASCADES)]
        done.append(await publish(chaos.cascada, chaos.cascade))
    changed = sum(one["changed"] for one in done)
    return fired(
        f"revisions {done[0]['revision']} to {done[-1]['revision']} were published and converged",
        when=changed > 0,
        seen=f"{changed} customers were moved by them, while writes went on",
    )
