"""What the demo shows at the end, gathered from the system itself: over HTTP, from Kafka, from the mail catcher."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from deploy.demo.arranging import Refreshed
from deploy.demo.cascade import STATEMENT_RULES
from deploy.demo.client import Services
from deploy.demo.hearing import Heard
from deploy.demo.living import Occurrence
from deploy.demo.plan import FIRST_DAY, Plan
from deploy.demo.story import Story, protagonists, tell

IN_THE_MAIL = ("accepted", "delivered", "bounced", "complained")
"""States of a delivery that the gateway took."""


@dataclass(frozen=True)
class SegmentResult:
    """A segment of the published cascade. ``balance`` in whole COP."""

    segment_id: str
    name: str
    flow: str
    customers: int
    balance: int


@dataclass(frozen=True)
class RuleResult:
    """All runs of a statement rule: counts by state and skips by reason, in customers."""

    rule_id: str
    name: str
    periods: tuple[str, ...]
    counts: Mapping[str, int]
    skipped: Mapping[str, int]

    @property
    def in_the_mail(self) -> int:
        return sum(self.counts.get(state, 0) for state in IN_THE_MAIL)


@dataclass(frozen=True)
class Health:
    """What ``/v1/status`` of a hearing service says of its troubles."""

    service: str
    behind: int
    quarantined: int


@dataclass(frozen=True)
class Mail:
    """One mail as the catcher keeps it."""

    to: str
    subject: str
    text: str


@dataclass(frozen=True)
class Results:
    """Everything the page tells and the promises are checked against."""

    first_day: date
    last_day: date
    customers: int
    refreshed: Refreshed
    expected: tuple[Occurrence, ...]
    cascade: tuple[SegmentResult, ...]
    heard: Heard
    rules: tuple[RuleResult, ...]
    mails_in_catcher: int
    health: tuple[Health, ...]
    stories: tuple[Story, ...]
    mail: Mail | None


async def gather(
    services: Services, heard: Heard, plan: Plan, refreshed: Refreshed, expected: tuple[Occurrence, ...]
) -> Results:
    """Ask the system for all there is to show, once nothing moves any more."""
    stories = await _stories(services, heard)
    return Results(
        first_day=FIRST_DAY,
        last_day=plan.last_day,
        customers=plan.customers,
        refreshed=refreshed,
        expected=expected,
        cascade=await _segments(services),
        heard=heard,
        rules=tuple([await _rule_result(services, rule_id) for rule_id in STATEMENT_RULES]),
        mails_in_catcher=(await services.mail.get("/stats"))["accepted"],
        health=await _health(services),
        stories=stories,
        mail=await _newest_mail(services, stories[-1].address) if stories and stories[-1].address else None,
    )


async def _segments(services: Services) -> tuple[SegmentResult, ...]:
    """The published cascade with sizes and balances as of now."""
    flows = {flow["flow_id"]: flow["name"] async for flow in services.segmenter.items("/v1/flows")}
    published = await services.segmenter.get("/v1/cascade")
    return tuple(
        SegmentResult(
            s["segment_id"], s["name"], flows.get(s["flow_id"], "–"), s["customers"], whole_pesos(s["balance"])
        )
        for s in published["segments"]
    )


async def _rule_result(services: Services, rule_id: str) -> RuleResult:
    counts: Counter[str] = Counter()
    skipped: Counter[str] = Counter()
    periods: list[str] = []
    async for run in services.statements.items("/v1/runs", rule_id=rule_id):
        periods.append(run["period"])
        counts.update(run["counts"])
        skipped.update(run["skipped"])
    return RuleResult(rule_id, STATEMENT_RULES[rule_id]["name"], tuple(sorted(periods)), counts, skipped)


async def _health(services: Services) -> tuple[Health, ...]:
    """Whether any customer or event was left aside."""
    found = [await service.get("/v1/status") for service in (services.segmenter, services.statements)]
    return tuple(Health(s["service"], s["customers_behind"], s["quarantined"]) for s in found)


async def _newest_mail(services: Services, address: str) -> Mail | None:
    """The last mail to an address."""
    found = [item async for item in services.mail.items("/messages", to=address)]
    if not found:
        return None
    last: dict[str, Any] = max(found, key=lambda item: item["received_at"])
    return Mail(last["to"][0], last["subject"], last["text"])


def whole_pesos(balance: list[dict[str, str]]) -> int:
    """Money per currency as whole Colombian pesos; the demo has no other currency."""
    return sum(round(float(part["amount"])) for part in balance if part["currency"] == "COP")


async def _stories(services: Services, heard: Heard) -> tuple[Story, ...]:
    told = []
    for customer_id in filter(None, protagonists(heard, FIRST_DAY)):
        profile = await services.customers.get(f"/v1/customers/{customer_id}/profile")
        standing = await services.segmenter.get(f"/v1/standings/{customer_id}")
        payments = [p async for p in services.customers.items(f"/v1/customers/{customer_id}/payments", limit=500)]
        told.append(tell(profile, standing, payments, heard, FIRST_DAY))
    return tuple(told)
