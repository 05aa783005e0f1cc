"""Runs over HTTP: every period that fell due, and what became of it."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from services.statements.domain.sending import State, Verdict
from services.statements.inbound.http.deliveries import DeliveryAnswer
from services.statements.inbound.http.doors import Doors
from services.statements.inbound.http.paging import Before
from services.statements.inbound.http.rule_answer import local_text
from services.statements.storage.deliveries import DeliveryFilter
from services.statements.storage.run_pages import RunFilter
from services.statements.usecases.read_runs import RunView
from shared.http.access import Who, scope
from shared.http.answers import instant_text
from shared.http.fields import Body, Id, Instant, PathId
from shared.http.pages import After, Limit, Page, page_of

router = APIRouter(tags=["runs"], prefix="/runs")

RunState = Literal["held", "running", "finished", "cancelled", "missed"]

_STATES = ("planned", "sending", "retry_wait", "accepted", "delivered", "bounced", "complained", "failed", "unknown")


class ResolveAllBody(Body):
    """What a person found out about all mails of a run that are in doubt."""

    from_: Annotated[Literal["unknown"], Field(alias="from")]
    outcome: Verdict


class Counts(BaseModel):
    """Customers by state of their delivery; ``audience`` is the sum of the others."""

    audience: int
    planned: int
    sending: int
    retry_wait: int
    accepted: int
    delivered: int
    bounced: int
    complained: int
    failed: int
    unknown: int
    skipped: int


class RunAnswer(BaseModel):
    """A run. ``stale``: it went on without fresh figures; ``waited_seconds`` is how long it was held for them."""

    run_id: str
    rule_id: str
    rule_version: int
    period: str
    due_at: str
    local_due_at: str
    state: str
    reason: str | None
    as_of_date: date | None
    facts_through: str | None
    segments_through: str | None
    waited_seconds: float | None
    stale: bool
    started_at: str | None
    finished_at: str | None
    counts: Counts
    skipped: dict[str, int]

    @classmethod
    def of(cls, view: RunView) -> "RunAnswer":
        run, states = view.run, view.states
        counts = {state: states.get(state, 0) for state in (*_STATES, "skipped")}
        instants = ("facts_through", "segments_through", "started_at", "finished_at")
        return cls(
            run_id=run.run_id,
            rule_id=run.rule_id,
            rule_version=run.rule_version,
            period=run.period,
            due_at=instant_text(run.due_at),
            local_due_at=local_text(run.due_at, view.rule.time_zone),
            state=run.state,
            reason=run.reason,
            as_of_date=run.as_of_date,
            waited_seconds=run.waited_seconds,
            stale=run.is_stale,
            counts=Counts(audience=sum(counts.values()), **counts),
            skipped=view.skipped,
            **{name: instant_text(at) if (at := getattr(run, name)) else None for name in instants},
        )


@router.get("")
async def list_runs(
    doors: Doors,
    before: Before,
    rule_id: Annotated[Id | None, Query()] = None,
    state: Annotated[RunState | None, Query()] = None,
    since: Annotated[Instant | None, Query(alias="from")] = None,
    until: Annotated[Instant | None, Query(alias="to")] = None,
    limit: Limit = 50,
) -> Page[RunAnswer]:
    """Runs, the newest first; ``from`` and ``to`` are due instants, both included."""
    wanted = RunFilter(rule_id=rule_id, state=state, since=since, until=until)
    found = await doors.read_runs.page(wanted, before, limit)
    return page_of(found, limit, lambda view: (view.run.due_at.isoformat(), view.run.run_id), RunAnswer.of)


@router.get("/{run_id}")
async def get_run(run_id: PathId, doors: Doors) -> RunAnswer:
    """A run with its counts."""
    return RunAnswer.of(await doors.read_runs.one(run_id))


@router.post("/{run_id}/cancel", dependencies=[scope("statements:send")])
async def cancel_run(run_id: PathId, doors: Doors, who: Who) -> RunAnswer:
    """Send nothing more of a run that is not over; what is not sent yet is skipped (``run_cancelled``)."""
    await doors.cancel_run(run_id, by=who.name)
    return RunAnswer.of(await doors.read_runs.one(run_id))


@router.post("/{run_id}/resolve", dependencies=[scope("statements:send")])
async def resolve_run(run_id: PathId, body: ResolveAllBody, doors: Doors, who: Who) -> RunAnswer:
    """Settle every delivery of a run that is ``unknown``: they were sent, or were not and go out again."""
    await doors.resolve_unknown.all_of(run_id, body.outcome, by=who.name)
    return RunAnswer.of(await doors.read_runs.one(run_id))


@router.get("/{run_id}/deliveries")
async def list_deliveries(
    run_id: PathId,
    doors: Doors,
    after: After,
    state: Annotated[State | None, Query()] = None,
    reason: Annotated[str | None, Query(pattern="^[a-z_]{1,40}$")] = None,
    customer_id: Annotated[Id | None, Query()] = None,
    limit: Limit = 50,
) -> Page[DeliveryAnswer]:
    """A run's deliveries in order of customer: one for everyone in its audience, also for those skipped."""
    wanted = DeliveryFilter(state=state, reason=reason, customer_id=customer_id)
    found = await doors.read_runs.deliveries(run_id, wanted, after, limit)
    return page_of(found, limit, lambda view: (view.delivery.customer_id,), DeliveryAnswer.of)
