"""The ``writer`` role: a process beside each worker, from a run that has started to mails that are due."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial

from services.statements.outbound.mail import write_mails
from services.statements.outbound.notes import write_notes
from services.statements.settings import Settings
from services.statements.usecases.plan_runs import PlanRuns
from services.statements.usecases.prepare_mails import PrepareMails
from services.statements.usecases.prepare_messages import PrepareMessages
from services.statements.wiring.parts import Parts
from shared.database.engine import Database
from shared.runtime.child_process import Line, started
from shared.runtime.loops import Bell, Loop, StopFlag, repeat, ringing, run_loops

WRITERS = 2
"""Loops of one kind in a process: one waits for PostgreSQL while another works."""

_IDLE_SECONDS = 0.2


@dataclass(frozen=True)
class WritingTasks:
    """Its steps."""

    plan_runs: PlanRuns
    prepare_mails: PrepareMails
    prepare_messages: PrepareMessages


async def run_writer(settings: Settings, stop: StopFlag) -> None:
    """Plan runs and write their mails, for as long as the worker runs."""
    async with AsyncExitStack() as opened:
        database = Database(settings.statements_database_url, name="statements-writer", connections=WRITERS + 2)
        opened.push_async_callback(database.close)
        planned = Bell()
        worker = Line(planned)
        loops = writing(writing_tasks(Parts(database, settings.clock(), settings)), planned, worker.ring)
        await run_loops(stop, started(worker), *loops)


def writing_tasks(parts: Parts) -> WritingTasks:
    """The writer's steps with the parts each needs."""
    database, clock, head = parts.database, parts.clock, parts.letterhead
    return WritingTasks(
        plan_runs=PlanRuns(database, clock),
        prepare_mails=PrepareMails(database, clock, partial(write_mails, head)),
        prepare_messages=PrepareMessages(database, clock, partial(write_notes, head)),
    )


def writing(steps: WritingTasks, planned: Bell, wake_worker: Callable[[], None]) -> list[Loop]:
    """The loops that write mails of what is ``planned``: while one reads and keeps, another writes."""
    mine = [
        ("plan_runs", ringing(steps.plan_runs, planned.ring)),
        *[("prepare_mails", ringing(steps.prepare_mails, wake_worker))] * WRITERS,
        ("prepare_messages", ringing(steps.prepare_messages, wake_worker)),
    ]
    return [repeat(name, step, idle_seconds=_IDLE_SECONDS, bell=planned) for name, step in mine]
