"""Thirty days on the test clock: each occurrence of a statement rule is approached by a second and seen through, and
each evening what happened during the day arrives over HTTP. Nothing waits for a guessed time: the services say when a
day has turned, when a run has finished, and when they take facts of the present.
"""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import groupby
from typing import Any

from deploy.demo.arranging import send_batch
from deploy.demo.billing import ZONE, Fact
from deploy.demo.client import Service, Services
from deploy.demo.clock import DemoClock
from deploy.demo.portfolio import Portfolio, fact_line
from deploy.demo.problem import DemoProblem
from deploy.demo.waiting import until

MORNING, EVENING = time(7, 0), time(22, 0)
_APPROACH = timedelta(seconds=1)
_AT_ONCE = 8
_DAY_WITHIN = 60.0
_RUN_WITHIN = 120.0


@dataclass(frozen=True)
class Occurrence:
    """One instant at which a statement rule is due."""

    at: datetime
    rule_id: str
    period: str


@dataclass(frozen=True)
class World:
    """What the days pass over: the services, the test clock, and what is going to happen."""

    services: Services
    clock: DemoClock
    portfolio: Portfolio


def morning_of(day: date) -> datetime:
    """The instant at which the demo begins on a day."""
    return datetime.combine(day, MORNING, ZONE)


def evening_of(day: date) -> datetime:
    """The instant at which a day's invoices and payments arrive."""
    return datetime.combine(day, EVENING, ZONE)


async def occurrences(statements: Service, rule_ids: list[str], until_instant: datetime) -> list[Occurrence]:
    """All instants at which the rules are due up to another, as the statements service foretells them."""
    found: list[Occurrence] = []
    for rule_id in rule_ids:
        answer = await statements.get(f"/v1/rules/{rule_id}/occurrences", limit=60)
        found += [Occurrence(datetime.fromisoformat(i["at"]), rule_id, i["period"]) for i in answer["items"]]
    return sorted((o for o in found if o.at <= until_instant), key=lambda occurrence: occurrence.at)


async def live_through(world: World, facts: list[Fact], day: date, due: list[Occurrence]) -> None:
    """Let one day pass: the occurrences of statement rules, then its turn and its facts."""
    for occurrence in due:
        await _see_through(world, occurrence)
    world.clock.set(evening_of(day))
    await until(f"the turn to {day}", partial(_has_turned, world.services, day), within=_DAY_WITHIN)
    await _arrive(world.services.customers, facts)


async def _see_through(world: World, occurrence: Occurrence) -> None:
    """Step to just before an occurrence, and wait until its run has finished."""
    world.clock.set(occurrence.at - _APPROACH)
    what = f"the run of {occurrence.rule_id} for {occurrence.period}"
    run = await until(what, partial(_ended_run, world.services.statements, occurrence), within=_RUN_WITHIN)
    if run["state"] != "finished":
        raise DemoProblem(f"{what} ended as {run['state']} ({run['reason']})")


async def settle(world: World) -> None:
    """Wait until everything that was sent so far has been told, heard and judged everywhere."""
    services = world.services
    await until("all facts told", partial(_has_told, services.customers))
    sent_by = world.clock.now()
    for service in (services.segmenter, services.statements):
        await until(f"all facts heard by {service.url}", partial(_has_heard, service, sent_by))
        await until(f"all told by {service.url}", partial(_has_told, service))


async def _arrive(customers: Service, facts: list[Fact]) -> None:
    """Invoices as the billing system sends them, in one batch; payments one by one as the processor reports them."""
    invoices = [fact_line(fact) for fact in facts if fact.kind == "invoice"]
    if invoices:
        await send_batch(customers, invoices)
    payments = sorted((f for f in facts if f.kind == "payment"), key=lambda f: (f.customer_id, f.at))
    if payments:
        latest = max(payments, key=lambda fact: fact.at)
        await until(f"payments of {latest.at} taken", partial(_is_taken, customers, latest))
    gate = asyncio.Semaphore(_AT_ONCE)
    streams = [list(group) for _, group in groupby(payments, key=lambda fact: fact.customer_id)]
    await asyncio.gather(*(_pay(customers, stream, gate) for stream in streams))
    await until("all facts told", partial(_has_told, customers))


async def _is_taken(customers: Service, payment: Fact) -> bool:
    """Customers refuses what lies in the future, so the day's last payment says whether its clock has followed."""
    answer = await customers.post_lines("/v1/batches", [fact_line(payment)])
    return bool(answer["failed"] == 0)


async def _pay(customers: Service, payments: list[Fact], gate: asyncio.Semaphore) -> None:
    """One customer's payments in their order."""
    async with gate:
        for fact in payments:
            await customers.put(f"/v1/customers/{fact.customer_id}/payments/{fact.id}", fact.body)


async def _has_turned(services: Services, day: date) -> bool:
    """Customers takes facts of that day, and the segmenter has judged everyone as of it."""
    taking = await services.customers.get("/v1/status")
    judged = await services.segmenter.get("/v1/status")
    return bool(taking["as_of"] == day.isoformat() and judged["day_turn"] == {"as_of": day.isoformat(), "done": True})


async def _ended_run(statements: Service, occurrence: Occurrence) -> dict[str, Any] | None:
    async for run in statements.items("/v1/runs", rule_id=occurrence.rule_id):
        if run["period"] == occurrence.period and run["state"] not in ("held", "running"):
            found: dict[str, Any] = run
            return found
    return None


async def _has_told(service: Service) -> bool:
    return bool((await service.get("/v1/status"))["outbox_unsent"] == 0)


async def _has_heard(service: Service, instant: datetime) -> bool:
    through = (await service.get("/v1/status"))["facts_through"]
    return through is not None and datetime.fromisoformat(through) >= instant
