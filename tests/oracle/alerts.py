"""Alerts: for whom a rule holds, and what is raised and cleared as that begins and ends (meaning.md 8, 31)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from tests.oracle.facts import Money
from tests.oracle.rules import Rule, verdict
from tests.oracle.variables import Moment, value_of


@dataclass(frozen=True, kw_only=True)
class AlertRule:
    """For whom something is to be done: ``when`` is true, and the customer is in one of the segments, if any."""

    rule_id: str
    when: Rule | None = None
    segment_ids: tuple[str, ...] = ()
    action: str = "call"
    existing: str = "ignore"
    is_active: bool = True


@dataclass
class Alert:
    """What was raised, and what became of it. ``reasons`` are the variables of the conditions that were true."""

    customer_id: str
    rule_id: str
    action: str
    as_of: date
    overdue_balance: Money
    days_past_due: int
    reasons: tuple[str, ...]
    status: str = "open"


Told = tuple[str, Alert]
"""``alert.raised`` or ``alert.cleared``, and of which alert."""


def holds(rule: AlertRule, moment: Moment, segment_id: str) -> bool:
    """Whether a rule holds for a customer in a segment; none does for an archived one. Unknown does not match."""
    if not rule.is_active or moment.account.customer.archived:
        return False
    if rule.segment_ids and segment_id not in rule.segment_ids:
        return False
    return rule.when is None or verdict(rule.when, moment) is True


def reasons(rule: AlertRule, moment: Moment) -> tuple[str, ...]:
    """The variable of each true condition of ``when``, in the order written."""
    conditions = _conditions(rule.when) if rule.when else ()
    return tuple(one["variable"] for one in conditions if verdict(one, moment) is True)


def _conditions(rule: Rule) -> Iterator[Rule]:
    if "variable" in rule:
        yield rule
    for part in [*rule.get("all", ()), *rule.get("any", ()), *([rule["not"]] if "not" in rule else ())]:
        yield from _conditions(part)


@dataclass
class CallList:
    """Every alert that was raised, and the episodes under way; one that was only noted has no alert."""

    raised: list[Alert] = field(default_factory=list)
    episodes: dict[tuple[str, str], Alert | None] = field(default_factory=dict)

    def judge(self, moment: Moment, segment_id: str, rules: Iterable[AlertRule], silent: Iterable[str]) -> list[Told]:
        """Begin and end the episodes of one customer; what is told of it, in order of rule.

        What begins to hold by a rule in ``silent`` is noted and not raised.
        """
        customer_id, known = moment.account.customer.customer_id, {rule.rule_id: rule for rule in rules}
        under_way = {rule_id for owner, rule_id in self.episodes if owner == customer_id}
        told: list[Told] = []
        for rule_id in sorted(known.keys() | under_way):
            is_held = rule_id in known and holds(known[rule_id], moment, segment_id)
            if is_held and rule_id not in under_way:
                told += self._begin(known[rule_id], moment, is_silent=rule_id in silent)
            if rule_id in under_way and not is_held:
                told += self._end(customer_id, rule_id)
        return told

    def _begin(self, rule: AlertRule, moment: Moment, *, is_silent: bool) -> list[Told]:
        customer_id = moment.account.customer.customer_id
        self.episodes[customer_id, rule.rule_id] = None
        if is_silent:
            return []
        owed, days = value_of(moment, "overdue_balance"), value_of(moment, "days_past_due")
        alert = Alert(customer_id, rule.rule_id, rule.action, moment.as_of, owed, days, reasons(rule, moment))
        self.episodes[customer_id, rule.rule_id] = alert
        self.raised.append(alert)
        return [("alert.raised", alert)]

    def _end(self, customer_id: str, rule_id: str) -> list[Told]:
        alert = self.episodes.pop((customer_id, rule_id))
        if alert is None:
            return []
        alert.status = "cleared"
        return [("alert.cleared", alert)]

    def forget(self, customer_id: str) -> None:
        """Erase a customer: it is in no open alert, and nothing more is told of it."""
        self.episodes = {key: alert for key, alert in self.episodes.items() if key[0] != customer_id}
        for alert in self.raised:
            if alert.customer_id == customer_id:
                alert.status = "cleared"
