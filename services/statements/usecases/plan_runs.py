"""Plan the audience of runs that have started: one delivery a customer, also for those who get nothing.

A page of customers a step, in order of id, each in one transaction that holds the run's row; any worker takes the
next page. Nothing is sent here: mails are prepared one by one, with figures read again (``prepare_mails``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.statements.domain.aging import Edges
from services.statements.domain.audience import is_in
from services.statements.domain.facts import Account
from services.statements.domain.rule import Rule
from services.statements.domain.statement import state
from services.statements.storage import asking, deliveries, ledger, rules, runs, segments
from services.statements.storage.deliveries import Planned
from services.statements.storage.runs import Run
from shared.database.engine import Database, Transaction
from shared.runtime.clock import Clock
from shared.runtime.ids import new_id

_PAGE = 500


@dataclass(frozen=True)
class PlanRuns:
    """One page of one run."""

    database: Database
    clock: Clock

    async def __call__(self) -> bool:
        """Plan the next page; whether there was one."""
        async with self.database.transaction() as connection:
            claimed = await runs.claim_unplanned(connection)
            if claimed is None:
                return False
            run, up_to = claimed
            rule = (await rules.versions(connection, {(run.rule_id, run.rule_version)})).popitem()[1]
            edges = (await segments.published(connection)).aging_edges
            ids = await _next_customers(connection, run, up_to)
            accounts = await ledger.accounts(connection, ids)
            as_of = run.as_of_date or self.clock.today()
            planned = plan(list(accounts.values()), rule, as_of, edges) + _unknown(ids, accounts)
            await deliveries.plan(connection, run.run_id, run.rule_id, run.period, as_of, planned)
            reached = ids[-1] if ids else up_to
            await runs.note_planned(connection, run.run_id, reached, is_planned=len(ids) < _PAGE)
            if len(ids) < _PAGE:
                await asking.forget(connection, run.run_id)
        return True


async def _next_customers(connection: Transaction, run: Run, after: str) -> list[str]:
    """Those that the segmenter named, or everyone."""
    if run.asks_where:
        return await asking.next_customers(connection, run.run_id, after, _PAGE)
    return await ledger.next_customers(connection, after, _PAGE)


def plan(accounts: Sequence[Account], rule: Rule, as_of: date, edges: Edges) -> list[Planned]:
    """The deliveries of those who are in a rule's audience."""
    return [
        _planned(account, rule, as_of, edges) for account in accounts if is_in(rule.audience, account, as_of, edges)
    ]


def _unknown(ids: Sequence[str], accounts: Mapping[str, Account]) -> list[Planned]:
    """Deliveries of those whom the segmenter named before this service has heard of them: nothing can be stated."""
    return [Planned(new_id(), one, False, "ledger_behind") for one in ids if one not in accounts]


def _planned(account: Account, rule: Rule, as_of: date, edges: Edges) -> Planned:
    says_something = state(account, rule.content, as_of, edges).says_something
    is_pointless = rule.skip_when_empty and not says_something
    reason = "nothing_to_state" if is_pointless else None
    return Planned(new_id(), account.customer_id, says_something, reason)
