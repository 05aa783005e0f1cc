"""Read statement rules as people look at them: with what is next, what was last, and whether they need attention."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from services.statements.domain.calendar import Occurrence, occurrences
from services.statements.domain.contact_windows import Holidays
from services.statements.storage import rules, run_pages, runs, segments
from services.statements.storage.rules import StoredRule
from services.statements.storage.runs import Run
from services.statements.usecases.keep_rule import unknown_rule
from shared.database.engine import Database, Transaction
from shared.runtime.clock import Clock

_NEXT_FEW, _FAR_ENOUGH = 3, 60
"""Occurrences looked through for one that is not recorded: after an edit the next few may be, hardly ever many."""


@dataclass(frozen=True)
class RuleView:
    """A rule with its surroundings; ``following`` is None while nothing falls due."""

    stored: StoredRule
    needs_attention: bool
    following: Occurrence | None
    last_run: Run | None


@dataclass(frozen=True)
class Foretold:
    """An occurrence to come, and whether its period is recorded already, so that nothing more will be sent for it."""

    occurrence: Occurrence
    is_recorded: bool


@dataclass(frozen=True)
class ReadRules:
    """Reads without locking."""

    database: Database
    clock: Clock

    async def one(self, rule_id: str) -> RuleView:
        """A rule.

        Raises
        ------
        Missing
            There is none.
        """
        async with self.database.transaction() as connection:
            [view] = await self._views(connection, [await living_rule(connection, rule_id)])
        return view

    async def page(self, after: str, limit: int) -> list[RuleView]:
        """Rules in order of id."""
        async with self.database.transaction() as connection:
            return await self._views(connection, await rules.page(connection, after, limit))

    async def occurrences(self, rule_id: str, after: datetime | None, limit: int) -> tuple[StoredRule, list[Foretold]]:
        """The next occurrences after an instant (default: now) as if the rule were active.

        Raises
        ------
        Missing
            There is no such rule.
        """
        async with self.database.transaction() as connection:
            stored = await living_rule(connection, rule_id)
            holidays = (await segments.published(connection)).holidays
            return stored, await _foretell(connection, stored, after or self.clock.now(), holidays, limit)

    async def _views(self, connection: Transaction, found: Sequence[StoredRule]) -> list[RuleView]:
        published = await segments.published(connection)
        last = await run_pages.last_of(connection, [stored.rule_id for stored in found])
        return [
            RuleView(
                stored,
                stored.rule.names_what_vanished(published.segment_ids, published.aging_edges),
                await self._following(connection, stored, published.holidays),
                last.get(stored.rule_id),
            )
            for stored in found
        ]

    async def _following(self, connection: Transaction, stored: StoredRule, holidays: Holidays) -> Occurrence | None:
        if stored.rule.status != "active":
            return None
        after = max(stored.recorded_through, self.clock.now())
        for limit in (_NEXT_FEW, _FAR_ENOUGH):
            foretold = await _foretell(connection, stored, after, holidays, limit)
            if found := next((one.occurrence for one in foretold if not one.is_recorded), None):
                return found
        return None


async def living_rule(connection: Transaction, rule_id: str) -> StoredRule:
    """A rule that is not deleted.

    Raises
    ------
    Missing
        There is none.
    """
    stored = await rules.find(connection, rule_id)
    if stored is None or stored.is_deleted:
        raise unknown_rule(rule_id)
    return stored


async def _foretell(
    connection: Transaction, stored: StoredRule, after: datetime, holidays: Holidays, limit: int
) -> list[Foretold]:
    found = list(islice(occurrences(stored.rule, after, holidays), limit))
    periods, dates = await runs.recorded(
        connection, stored.rule_id, [one.period for one in found], [one.nominal_on for one in found]
    )
    return [Foretold(one, one.period in periods or one.nominal_on in dates) for one in found]
