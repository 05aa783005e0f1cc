"""Say what a rule would do on a day, without doing it: who would get what, and who would not, and why.

Reads page by page, each in a transaction of its own, so that a large audience neither fills memory nor holds a lock.
"""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from services.statements.domain.audience import is_in
from services.statements.domain.calendar import occurrence_on
from services.statements.domain.contacts import Turn
from services.statements.domain.rule import Rule
from services.statements.domain.weighing import Weighed, weigh
from services.statements.outbound.segmenter import Segmenter
from services.statements.storage import ledger, segments, surroundings
from services.statements.usecases.read_rules import living_rule
from shared.basics.days import date_in, zone
from shared.basics.errors import BadInput, mistake
from shared.basics.money import Money
from shared.database.engine import Database
from shared.database.one_moment import at_one_moment
from shared.runtime.clock import Clock

_PAGE = 500
_ITEMS = 10_000


@dataclass
class DryRunFound:
    """``recipients`` would get it, ``totals`` in all (by currency); ``items`` are the first of the audience."""

    on: date
    as_of_date: date
    recipients: int = 0
    totals: dict[str, Decimal] = field(default_factory=dict)
    skipped: Counter[str] = field(default_factory=Counter)
    items: list[Weighed] = field(default_factory=list)

    @property
    def amounts(self) -> list[Money]:
        return [Money(self.totals[currency], currency) for currency in sorted(self.totals)]

    def take(self, weighed: Sequence[Weighed]) -> None:
        """Count some more of the audience."""
        self.items += weighed[: _ITEMS - len(self.items)]
        for one in weighed:
            if one.reason:
                self.skipped[one.reason] += 1
                continue
            self.recipients += 1
            for total in one.statement.totals:
                self.totals[total.currency] = self.totals.get(total.currency, Decimal(0)) + total.amount


@dataclass(frozen=True)
class DryRun:
    """``business_zone`` says which business date a run's instant falls on."""

    database: Database
    clock: Clock
    segmenter: Segmenter
    business_zone: ZoneInfo

    async def __call__(self, rule_id: str, on: date | None) -> DryRunFound:
        """What a run of that local date (default: today) would do, by what is known now.

        Raises
        ------
        Missing
            There is no such rule.
        BadInput, Unavailable
            The segmenter refuses the audience's ``where`` for that day, or cannot be asked.
        """
        async with self.database.transaction() as connection:
            rule = (await living_rule(connection, rule_id)).rule
            holidays = (await segments.published(connection)).holidays
        day = on or date_in(self.clock.now(), zone(rule.time_zone))
        due_at = occurrence_on(rule, day, "", holidays=holidays).at
        found = DryRunFound(day, date_in(due_at, self.business_zone))
        async for ids in self._audience(rule, found.as_of_date):
            found.take(await self._weigh(ids, rule, Turn("", rule_id, due_at), found.as_of_date))
        return found

    async def _audience(self, rule: Rule, as_of: date) -> AsyncIterator[list[str]]:
        if rule.audience.where is not None:
            async for ids in self._named(rule.audience.where, as_of):
                yield ids
            return
        after: str | None = ""
        while after is not None:
            async with self.database.transaction() as connection:
                ids = await ledger.next_customers(connection, after, _PAGE)
            yield ids
            after = ids[-1] if ids else None

    async def _named(self, where: dict[str, object], as_of: date) -> AsyncIterator[list[str]]:
        try:
            async for ids in self.segmenter.ids(where, None if as_of == self.clock.today() else as_of):
                yield ids
        except BadInput as error:
            if error.mistakes[0].pointer.endswith("/as_of"):
                raise mistake("/on", error.mistakes[0].code, error.mistakes[0].detail) from error
            raise

    async def _weigh(self, ids: Sequence[str], rule: Rule, turn: Turn, as_of: date) -> list[Weighed]:
        async with self.database.transaction() as connection:
            await at_one_moment(connection)
            accounts = list((await ledger.accounts(connection, ids)).values())
            around = await surroundings.of(connection, accounts, turn, as_of, rule.min_days_between_contacts)
        return [weigh(one, rule, around) for one in accounts if is_in(rule.audience, one, as_of, around.edges)]
