"""What a rule would do for a customer on a day, as far as is known now: for dry runs, and for *why*.

The same reasons in the same order as when mails are prepared, without those that only a run under way has.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.statements.domain.addresses import Address, Placeholders, addresses_of, why_none
from services.statements.domain.aging import Edges
from services.statements.domain.contacts import Contact, Turn, was_contacted
from services.statements.domain.facts import Account
from services.statements.domain.rule import Rule
from services.statements.domain.skipping import Reading, SkipReason, why_skip
from services.statements.domain.statement import Statement, state


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What is known beside the accounts; ``turn`` is that of the run that is thought of."""

    as_of: date
    turn: Turn
    edges: Edges
    placeholders: Placeholders
    suppressed: Container[str]
    behind: Container[str]
    contacts: Mapping[str, Sequence[Contact]]


@dataclass(frozen=True)
class Weighed:
    """A customer of an audience: what it would get and where, or (``reason``) why nothing."""

    account: Account
    statement: Statement
    to: list[Address]
    reason: SkipReason | None


def weigh(account: Account, rule: Rule, around: Surroundings) -> Weighed:
    """Judge a customer that is in the rule's audience."""
    statement = state(account, rule.content, around.as_of, around.edges)
    to = addresses_of(account.customer, around.suppressed, around.placeholders)
    paused_until = account.customer.do_not_contact_until
    contacts = around.contacts.get(account.customer_id, ())
    reading = Reading(
        says_something=statement.says_something,
        said_something=statement.says_something,
        skip_when_empty=rule.skip_when_empty,
        reconciles=statement.reconciles,
        is_in_audience=True,
        is_paused=paused_until is not None and paused_until >= around.as_of,
        was_contacted=was_contacted(contacts, around.turn, around.as_of, rule.min_days_between_contacts),
        no_mail=why_none(to),
        is_behind=account.customer_id in around.behind,
        is_too_late=False,
        stopped=None,
    )
    return Weighed(account, statement, to, why_skip(reading))
