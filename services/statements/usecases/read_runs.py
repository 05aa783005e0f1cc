"""Read runs and what became of their deliveries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.statements.domain.rule import Rule
from services.statements.storage import deliveries, rules, run_pages
from services.statements.storage.deliveries import Delivery, DeliveryFilter
from services.statements.storage.run_pages import RunFilter
from services.statements.storage.runs import Run
from services.statements.usecases.read_deliveries import DeliveryView, views_of
from shared.basics.errors import Missing
from shared.database.engine import Database, Transaction


@dataclass
class RunView:
    """A run, its rule as it was then, and its customers by state and, of those skipped, by reason."""

    run: Run
    rule: Rule
    states: dict[str, int] = field(default_factory=dict)
    skipped: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadRuns:
    """Reads without locking."""

    database: Database

    async def one(self, run_id: str) -> RunView:
        """A run.

        Raises
        ------
        Missing
            There is none.
        """
        async with self.database.transaction() as connection:
            [view] = await _views(connection, [await _known(connection, run_id)])
        return view

    async def page(self, wanted: RunFilter, before: tuple[datetime, str] | None, limit: int) -> list[RunView]:
        """Runs, the newest first."""
        async with self.database.transaction() as connection:
            return await _views(connection, await run_pages.page(connection, wanted, before, limit))

    async def deliveries(self, run_id: str, wanted: DeliveryFilter, after: str, limit: int) -> list[DeliveryView]:
        """A run's deliveries in order of customer.

        Raises
        ------
        Missing
            There is no such run.
        """
        async with self.database.transaction() as connection:
            await _known(connection, run_id)
            found: Sequence[Delivery] = await deliveries.page(connection, run_id, wanted, after, limit)
            return await views_of(connection, found)


def unknown_run(run_id: str) -> Missing:
    """There is no such run."""
    return Missing("unknown_run", f"there is no run {run_id!r}")


async def _known(connection: Transaction, run_id: str) -> Run:
    run = await run_pages.find(connection, run_id)
    if run is None:
        raise unknown_run(run_id)
    return run


async def _views(connection: Transaction, found: Sequence[Run]) -> list[RunView]:
    as_then = await rules.versions(connection, {(run.rule_id, run.rule_version) for run in found})
    views = {run.run_id: RunView(run, as_then[run.rule_id, run.rule_version]) for run in found}
    for count in await run_pages.counts(connection, list(views)):
        view = views[count.run_id]
        view.states[count.state] = view.states.get(count.state, 0) + count.customers
        if count.state == "skipped" and count.reason:
            view.skipped[count.reason] = count.customers
    return list(views.values())
