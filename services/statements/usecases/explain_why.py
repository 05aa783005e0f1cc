"""Explain why a customer got a rule's statement on a day, or did not.

What is recorded comes first: the run of that day, and the customer's delivery in it. Where nothing is recorded, it is
judged by what is known now. The parts of the audience are always those of now.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from services.statements.domain.audience import parts_of
from services.statements.domain.calendar import Occurrence, occurrences
from services.statements.domain.cascade import Cascade
from services.statements.domain.contacts import Turn
from services.statements.domain.facts import Account
from services.statements.domain.weighing import weigh
from services.statements.domain.why import Why, outcome_of
from services.statements.outbound.segmenter import Segmenter
from services.statements.storage import deliveries, ledger, run_pages, segments, surroundings
from services.statements.storage.rules import StoredRule
from services.statements.storage.runs import Run
from services.statements.usecases.read_rules import living_rule
from services.statements.usecases.state_customer import known_account
from shared.basics.days import date_in, zone
from shared.basics.errors import BadInput, Unavailable
from shared.database.engine import Database, Transaction
from shared.database.one_moment import at_one_moment
from shared.runtime.clock import Clock

_FURTHEST_SHIFT = timedelta(days=9)


@dataclass(frozen=True)
class ExplainWhy:
    """``business_zone`` says which business date a run's instant falls on."""

    database: Database
    clock: Clock
    segmenter: Segmenter
    business_zone: ZoneInfo

    async def __call__(self, rule_id: str, customer_id: str, on: date | None) -> Why:
        """Why the customer got what it got on that local date (default: today).

        Raises
        ------
        Missing, Gone
            There is no such rule or customer, or the customer is erased.
        """
        async with self.database.transaction() as connection:
            await at_one_moment(connection)
            stored = await living_rule(connection, rule_id)
            account = known_account(await ledger.accounts(connection, [customer_id]), customer_id)
            published = await segments.published(connection)
            day = on or date_in(self.clock.now(), zone(stored.rule.time_zone))
            run = await _run_on(connection, stored, day)
            found = await _recorded(connection, run, customer_id) if run else None
        found = found or await self._foreseen(stored, account, day, published)
        where_holds = await self._where_holds(stored, account)
        edges = published.aging_edges
        parts = tuple(parts_of(stored.rule.audience, account, self.clock.today(), edges, where_holds))
        is_out = found.outcome in ("planned", "skipped") and any(part.holds is False for part in parts)
        if found.evaluated_now and is_out:
            found = replace(found, outcome="not_in_audience", reason=None)
        return replace(found, parts=parts)

    async def _foreseen(self, stored: StoredRule, account: Account, day: date, published: Cascade) -> Why:
        """What a run of that day would do, if one is to come."""
        occurrence = self._to_come(stored, day, published)
        if occurrence is None:
            return Why(outcome="not_due", evaluated_now=True)
        as_of = date_in(occurrence.at, self.business_zone)
        async with self.database.transaction() as connection:
            turn = Turn("", stored.rule_id, occurrence.at)
            min_days = stored.rule.min_days_between_contacts
            around = await surroundings.of(connection, [account], turn, as_of, min_days)
        reason = weigh(account, stored.rule, around).reason
        return Why(
            outcome="skipped" if reason else "planned", reason=reason, period=occurrence.period, evaluated_now=True
        )

    def _to_come(self, stored: StoredRule, day: date, published: Cascade) -> Occurrence | None:
        if stored.rule.status != "active":
            return None
        coming = occurrences(stored.rule, self.clock.now(), published.holidays)
        near = takewhile(lambda one: one.nominal_on <= day, coming)
        where = zone(stored.rule.time_zone)
        found = [one for one in near if day in (one.nominal_on, date_in(one.at, where))]
        return found[-1] if found else None

    async def _where_holds(self, stored: StoredRule, account: Account) -> bool | None:
        """The segmenter's word on one customer: asked with its name, so that few are named."""
        where = stored.rule.audience.where
        if where is None:
            return None
        named = {"variable": "name", "operator": "eq", "value": account.customer.name}
        try:
            async for ids in self.segmenter.ids({"all": [where, named]}):
                if account.customer_id in ids:
                    return True
        except (Unavailable, BadInput):
            return None  # the answer says so: the part neither holds nor fails
        return False


async def _run_on(connection: Transaction, stored: StoredRule, day: date) -> Run | None:
    """The run of a local date; else the one that was moved to it."""
    where = zone(stored.rule.time_zone)
    runs = await run_pages.between(connection, stored.rule_id, day - _FURTHEST_SHIFT, day)
    of_day = [run for run in runs if run.nominal_on == day]
    moved = [run for run in runs if date_in(run.due_at, where) == day]
    return next(iter([*of_day, *moved]), None)


async def _recorded(connection: Transaction, run: Run, customer_id: str) -> Why:
    if run.state == "missed":
        return Why(outcome="missed", reason=run.reason, period=run.period)
    delivery = await deliveries.find_of(connection, run.rule_id, run.period, customer_id)
    if delivery:
        return Why(
            outcome=outcome_of(delivery.state),
            reason=delivery.reason,
            delivery_id=delivery.delivery_id,
            period=run.period,
        )
    if run.state == "cancelled" and run.started_at is None:
        return Why(outcome="skipped", reason="run_cancelled", period=run.period)
    if not await run_pages.is_planned_up_to(connection, run.run_id, customer_id):
        return Why(outcome="under_way", period=run.period)
    return Why(outcome="not_in_audience", period=run.period, evaluated_now=True)
