"""Looking ahead and back at a rule over HTTP: what it would do, a trial of it, and why someone got what they got."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from services.statements.domain.audience import Part
from services.statements.domain.weighing import Weighed
from services.statements.domain.why import Outcome, Why
from services.statements.inbound.http.doors import Doors
from services.statements.usecases.dry_run import DryRunFound
from shared.basics.errors import mistake
from shared.http.access import scope
from shared.http.answers import MoneyAnswer
from shared.http.fields import Body, Id, IsoDate, PathId

router = APIRouter(tags=["rules"], prefix="/rules/{rule_id}")

_EARLIEST, _LATEST = date(1970, 1, 1), date(2200, 1, 1)


class DryRunBody(Body):
    """The local date to think of, in the rule's zone (default: today)."""

    on: IsoDate | None = None


class DryRunItem(BaseModel):
    """A customer of the audience; without a ``reason`` it would get its statement at each address of ``to``."""

    customer_id: str
    to: list[str]
    totals: list[MoneyAnswer]
    reason: str | None

    @classmethod
    def of(cls, weighed: Weighed) -> "DryRunItem":
        return cls(
            customer_id=weighed.account.customer_id,
            to=[one.address for one in weighed.to if one.reason is None],
            totals=[MoneyAnswer.of(total) for total in weighed.statement.totals],
            reason=weighed.reason,
        )


class DryRunAnswer(BaseModel):
    """What a run would do; counts are over the whole audience, ``items`` the first 10,000 in order of id."""

    on: date
    as_of_date: date
    recipients: int
    amounts: list[MoneyAnswer]
    skipped: dict[str, int]
    items: list[DryRunItem]

    @classmethod
    def of(cls, found: DryRunFound) -> "DryRunAnswer":
        return cls(
            on=found.on,
            as_of_date=found.as_of_date,
            recipients=found.recipients,
            amounts=[MoneyAnswer.of(amount) for amount in found.amounts],
            skipped=dict(found.skipped),
            items=[DryRunItem.of(one) for one in found.items],
        )


class TrialBody(Body):
    """Whose statement to send, and to which address of one's own."""

    customer_id: Id
    to: Annotated[str, Field(max_length=320, pattern=r"^[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+$")]


class TrialAnswer(BaseModel):
    """What was sent; ``unknown``: the gateway did not say whether it took it."""

    customer_id: str
    to: str
    subject: str
    outcome: Literal["accepted", "unknown"]


class PartAnswer(BaseModel):
    """A part of the audience, by what is known now; ``holds`` is null where the segmenter cannot be asked."""

    part: str
    value: str | bool | None
    holds: bool | None

    @classmethod
    def of(cls, part: Part) -> "PartAnswer":
        return cls(part=part.part, value=part.value, holds=part.holds)


class WhyAnswer(BaseModel):
    """``evaluated_now``: nothing is recorded of it, so the outcome is what would be said now."""

    outcome: Outcome
    reason: str | None
    delivery_id: str | None
    period: str | None
    parts: list[PartAnswer]
    evaluated_now: bool

    @classmethod
    def of(cls, why: Why) -> "WhyAnswer":
        return cls(
            outcome=why.outcome,
            reason=why.reason,
            delivery_id=why.delivery_id,
            period=why.period,
            parts=[PartAnswer.of(part) for part in why.parts],
            evaluated_now=why.evaluated_now,
        )


@router.post("/dry-run", dependencies=[scope("statements:read")])
async def dry_run(rule_id: PathId, doors: Doors, body: DryRunBody | None = None) -> DryRunAnswer:
    """What a run of that day would send to whom, and whom it would skip; nothing is written or sent."""
    return DryRunAnswer.of(await doors.dry_run(rule_id, _within_reach((body or DryRunBody()).on, "/on")))


@router.post("/test-send", dependencies=[scope("statements:send")])
async def test_send(rule_id: PathId, body: TrialBody, doors: Doors) -> TrialAnswer:
    """Send a customer's statement to an address of one's own: marked as a test, and no delivery."""
    trial = await doors.send_trial(rule_id, body.customer_id, body.to)
    outcome: Literal["accepted", "unknown"] = "accepted" if trial.is_certain else "unknown"
    return TrialAnswer(customer_id=body.customer_id, to=body.to, subject=trial.subject, outcome=outcome)


@router.get("/why")
async def get_why(
    rule_id: PathId, doors: Doors, customer_id: Annotated[Id, Query()], on: Annotated[IsoDate | None, Query()] = None
) -> WhyAnswer:
    """Why a customer got a statement on a day, or did not: what is recorded, else what would be said now."""
    return WhyAnswer.of(await doors.explain_why(rule_id, customer_id, _within_reach(on, "/query/on")))


def _within_reach(on: date | None, pointer: str) -> date | None:
    if on and not _EARLIEST <= on <= _LATEST:
        raise mistake(pointer, "out_of_range", "a date between 1970 and 2200 is wanted")
    return on
