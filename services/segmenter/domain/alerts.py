"""Alerts: raised when a rule begins to hold for a customer, cleared when it has stopped; once per episode.

Source: meaning.md 31.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from services.segmenter.domain.alert_rules import Action, ReadyRule
from shared.basics.money import Money

AlertStatus = Literal["open", "acknowledged", "dismissed", "cleared"]


@dataclass(frozen=True)
class Turned:
    """A customer for whom rules began or stopped to hold; ``sequence`` is that of its last event."""

    customer_id: str
    sequence: int
    overdue_balance: Money
    days_past_due: int
    began: tuple[str, ...]
    ended: tuple[str, ...]


@dataclass(frozen=True)
class Episode:
    """A rule holds for a customer; without ``alert_id`` it is only noted."""

    customer_id: str
    alert_rule_id: str
    alert_id: str | None


@dataclass(frozen=True)
class Told:
    """An alert that is raised, or (``rule`` None) cleared, as event ``sequence`` of its customer."""

    episode: Episode
    sequence: int
    turned: Turned
    rule: ReadyRule | None


def begin(
    turned: Sequence[Turned], rules: Mapping[str, ReadyRule], *, silently: bool, new_id: Callable[[], str]
) -> list[Episode]:
    """The episodes that begin; an alert is raised for each that is not silent."""
    return [
        Episode(one.customer_id, rule_id, None if silently or rules[rule_id].is_silent(one.customer_id) else new_id())
        for one in turned
        for rule_id in one.began
    ]


def tell(
    turned: Sequence[Turned], began: Sequence[Episode], ended: Sequence[Episode], rules: Mapping[str, ReadyRule]
) -> list[Told]:
    """What hearers are told, per customer in order of rule, numbered on from its last event."""
    of_customer: dict[str, list[tuple[Episode, ReadyRule | None]]] = {}
    for episode in began:
        if episode.alert_id:
            of_customer.setdefault(episode.customer_id, []).append((episode, rules[episode.alert_rule_id]))
    for episode in ended:
        if episode.alert_id:
            of_customer.setdefault(episode.customer_id, []).append((episode, None))
    return [
        Told(episode, one.sequence + number, one, rule)
        for one in turned
        for number, (episode, rule) in enumerate(
            sorted(of_customer.get(one.customer_id, ()), key=lambda pair: pair[0].alert_rule_id), start=1
        )
    ]


@dataclass(frozen=True, kw_only=True)
class Alert:
    """An alert as the call list shows it; ``reasons`` in the words of the event."""

    alert_id: str
    alert_rule_id: str
    customer_id: str
    name: str
    phone: str | None
    action: Action
    status: AlertStatus
    as_of: date
    overdue_balance: Money
    days_past_due: int
    reasons: list[dict[str, Any]]
