"""Alert rules: for whom something is to be done, once per episode. Source: meaning.md 31."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from services.segmenter.domain.rules.tree import Node

Action = Literal["notify", "call", "message"]
Existing = Literal["ignore", "raise"]
Status = Literal["active", "inactive"]

MOST_ACTIVE = 60


@dataclass(frozen=True)
class Message:
    """The texts of a mail, by language."""

    subject: Mapping[str, str]
    body: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class AlertRule:
    """As people write it; ``when`` is a rule in JSON, None where the segments alone decide."""

    name: str
    when: dict[str, Any] | None
    segment_ids: tuple[str, ...]
    action: Action
    message: Message | None
    existing: Existing
    status: Status

    @property
    def is_active(self) -> bool:
        return self.status == "active"


@dataclass(frozen=True)
class ReadyRule:
    """An active rule, its ``when`` read; ``judged_up_to`` which customer, if it is being judged for everyone."""

    alert_rule_id: str
    rule: AlertRule
    when: Node | None
    judged_up_to: str | None

    def is_silent(self, customer_id: str) -> bool:
        """Whether, if it begins to hold for a customer, that is only noted: the rule finds who matched before it."""
        return self.rule.existing == "ignore" and self.judged_up_to is not None and customer_id > self.judged_up_to
