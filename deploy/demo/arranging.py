"""Bringing the demo's data and policy into the system: variables, a year of history, the cascade, statement rules."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deploy.demo import cascade
from deploy.demo.client import Service, Services
from deploy.demo.hearing import Heard
from deploy.demo.portfolio import Line, Portfolio, batches
from deploy.demo.problem import DemoProblem
from deploy.demo.waiting import until

_BATCH_LINES = 8_000
_CASCADE_WITHIN = 120.0
_REFRESH_WITHIN = 60.0
_LOAD_ENDS_SECONDS = 4.0
"""A load has ended when nothing of it was heard for two seconds; judging 2,000 customers takes well under another."""


@dataclass(frozen=True)
class Refreshed:
    """What the preview foretold and what the refresh did, in customers; ``revision`` is the new one."""

    foretold: int
    changed: int
    revision: int


async def declare_variables(customers: Service) -> None:
    """Declare the custom variables that the portfolio loads."""
    for key, body in cascade.VARIABLES.items():
        await customers.put(f"/v1/variables/{key}", body)


async def load_history(customers: Service, portfolio: Portfolio, until_instant: datetime) -> int:
    """Load all that lies behind as history; returns the number of lines."""
    loaded = 0
    for batch in batches(portfolio.history(until_instant), _BATCH_LINES):
        await send_batch(customers, batch, history="true")
        loaded += len(batch)
    return loaded


async def send_batch(customers: Service, lines: list[Line], **params: str) -> None:
    """Send lines of which each must be kept."""
    answer = await customers.post_lines("/v1/batches", lines, **params)
    if answer["failed"]:
        raise DemoProblem(f"{answer['failed']} of {len(lines)} lines were refused, first {answer['results'][0]}")


async def history_is_judged(services: Services, heard: Heard, customers: int) -> None:
    """Wait until the load is heard to its end and judged, and Kafka has told each customer's first segment.

    That alone would not do: a pause in the middle of a load is taken for its end, and what comes after waits again.
    """

    async def all_heard() -> bool:
        told, hearing = [await one.get("/v1/status") for one in (services.customers, services.segmenter)]
        return bool(told["outbox_unsent"] == 0 == hearing["events_behind"])

    async def all_told() -> bool:
        await heard.catch_up()
        return len(heard.entered()) >= customers

    await until("the history load heard", all_heard, within=_CASCADE_WITHIN)
    await asyncio.sleep(_LOAD_ENDS_SECONDS)
    await until("every customer of the history load in the cascade", all_told, within=_CASCADE_WITHIN)


async def publish_cascade(segmenter: Service) -> Refreshed:
    """Draft the cascade, look at the preview, refresh."""
    await _draft(segmenter)
    preview = await segmenter.post("/v1/cascade/draft/preview")
    foretold = sum(cell["customers"] for cell in preview["matrix"] if cell["from"] != cell["to"])
    asked = await segmenter.post("/v1/refreshes", if_match=await segmenter.etag("/v1/cascade/draft"))
    done = await until("the refresh", lambda: _ended(segmenter, asked["refresh_id"]), within=_REFRESH_WITHIN)
    if done["state"] != "done":
        raise DemoProblem(f"the refresh ended as {done['state']}")
    return Refreshed(foretold, done["changed"], done["revision"])


async def _draft(segmenter: Service) -> None:
    for flow_id, body in cascade.FLOWS.items():
        await segmenter.put(f"/v1/flows/{flow_id}", body)
    for segment_id, body in cascade.SEGMENTS.items():
        await segmenter.put(f"/v1/cascade/draft/segments/{segment_id}", body)
    default = "/v1/cascade/draft/segments/default"
    await segmenter.put(default, cascade.DEFAULT, if_match=await segmenter.etag(default))


async def _ended(segmenter: Service, refresh_id: str) -> dict[str, Any] | None:
    refresh: dict[str, Any] = await segmenter.get(f"/v1/refreshes/{refresh_id}")
    return refresh if refresh["state"] in ("done", "cancelled", "failed") else None


async def create_statement_rules(statements: Service) -> None:
    """Create the statement rules, active from now on."""
    for rule_id, body in cascade.STATEMENT_RULES.items():
        await statements.put(f"/v1/rules/{rule_id}", body)
