"""A segmenter in plain Python: where each customer stands since it was last judged, and what that told."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from tests.oracle.alerts import AlertRule, CallList
from tests.oracle.alerts import Told as AlertTold
from tests.oracle.cascade import Segment, segment_of
from tests.oracle.facts import Account
from tests.oracle.settings import Settings
from tests.oracle.variables import Moment, at, value_of

FARTHEST_DAYS = 400
NOBODY = ("", "current", "unknown")
"""What is implied of a new customer: no segment yet, bucket and risk untold."""

Told = tuple[Any, ...]
"""The type of an event, then what it says, in the order of the contract."""
Standing = tuple[str, str, str]
"""Segment, aging bucket, risk level."""


@dataclass
class Segmenter:
    """Judges customers by what is published. ``unjudged``: alert rules that not everyone was judged by yet."""

    cascade: list[Segment] = field(default_factory=list)
    settings: Settings = field(default_factory=Settings)
    revision: int = 1
    rules: dict[str, AlertRule] = field(default_factory=dict)
    unjudged: set[str] = field(default_factory=set)
    calls: CallList = field(default_factory=CallList)
    standings: dict[str, Standing] = field(default_factory=dict)
    told: dict[str, list[Told]] = field(default_factory=dict)

    def moment(self, account: Account, as_of: date) -> Moment:
        return at(account, as_of, self.settings)

    def judge(self, account: Account, as_of: date, cause: str, *, silently: bool = False) -> None:
        """Put a customer where the cascade says, and tell what changed; ``silently``: no alert is raised."""
        moment, name = self.moment(account, as_of), account.customer.customer_id
        before, now = self.standings.get(name, NOBODY), self._standing(moment)
        told = self.told.setdefault(name, [])
        if before[0] != now[0]:
            told.append(("segment.assigned", before[0] or None, now[0], cause, self.revision, as_of))
        if before[1] != now[1]:
            told.append(("aging_bucket.changed", before[1], now[1], as_of))
        if before[2] != now[2]:
            told.append(("risk_level.changed", before[2], now[2], self._score(moment), as_of))
        self.standings[name] = now
        silent = [rule_id for rule_id in self.rules if silently or self._only_notes(rule_id)]
        told += [_said(one, as_of) for one in self.calls.judge(moment, now[0], self.rules.values(), silent)]

    def _standing(self, moment: Moment) -> Standing:
        bucket, risk = value_of(moment, "aging_bucket"), value_of(moment, "risk_level")
        return segment_of(moment, self.cascade), bucket, risk

    def _score(self, moment: Moment) -> Any:
        score = self.settings.risk.score
        return value_of(moment, score.variable) if score else None

    def _only_notes(self, rule_id: str) -> bool:
        return rule_id in self.unjudged and self.rules[rule_id].existing == "ignore"

    def erase(self, customer_id: str, as_of: date) -> None:
        """A last word, and the customer stands nowhere (8)."""
        segment, *_ = self.standings.pop(customer_id)
        self.told[customer_id].append(("segment.assigned", segment, None, "erasure", self.revision, as_of))
        self.calls.forget(customer_id)

    def next_change(self, account: Account, as_of: date) -> date | None:
        """The first day within 400 on which the segment is another if nothing happens (29).

        Nothing that moves money is dated after the present day (1), so the ledger stands while days go by.
        """
        moment = self.moment(account, as_of)
        here = segment_of(moment, self.cascade)
        for ahead in range(1, FARTHEST_DAYS + 1):
            later = replace(moment, as_of=as_of + timedelta(days=ahead))
            if segment_of(later, self.cascade) != here:
                return later.as_of
        return None


def _said(told: AlertTold, as_of: date) -> Told:
    kind, alert = told
    if kind == "alert.cleared":
        return (kind, alert.rule_id, as_of)
    return (kind, alert.rule_id, alert.action, as_of, alert.overdue_balance, alert.reasons)
