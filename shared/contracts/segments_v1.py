"""``segments.v1``: every move of a customer in the cascade, and the cascade itself.

Key: the customer's id; ``~cascade`` for the two types about everyone, which share one sequence. The topic carries
state: the highest (``ce_epoch``, ``ce_sequence``) of a key wins.
"""

from datetime import date, datetime
from typing import Any, Literal

import msgspec

from shared.contracts.values import Money

TOPIC = "segments.v1"
CASCADE_KEY = "~cascade"

Cause = Literal["event", "day_turn", "refresh", "erasure"]


class SegmentRef(msgspec.Struct, frozen=True):
    """A segment's id and its name at the time."""

    id: str
    name: str


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """The communication flow that a segment points to."""

    flow_id: str
    name: str
    channels: list[str] = []
    frequency: str | None = None
    content: str | None = None


class SegmentAssigned(msgspec.Struct, frozen=True, kw_only=True):
    """A customer's segment changed; ``from`` is null on registration, ``to`` when the customer was erased."""

    customer_id: str
    from_: SegmentRef | None = msgspec.field(name="from")
    to: SegmentRef | None
    flow: Flow | None
    revision: int
    as_of: date
    cause: Cause


class AgingBucketChanged(msgspec.Struct, frozen=True, kw_only=True):
    """The oldest overdue invoice of a customer moved into another bucket; a new customer's ``current`` is implied."""

    customer_id: str
    from_: str = msgspec.field(name="from")
    to: str
    as_of: date


class RiskLevelChanged(msgspec.Struct, frozen=True, kw_only=True):
    """The risk of a customer is another; a new customer's ``unknown`` is implied.

    ``score``: the score that the level was read from, null where payment behaviour decided.
    """

    customer_id: str
    from_: str = msgspec.field(name="from")
    to: str
    score: float | int | None
    as_of: date


class PublishedSegment(msgspec.Struct, frozen=True, kw_only=True):
    """A segment of the published cascade, in priority order from position 1; Default has no rule and comes last."""

    segment_id: str
    name: str
    position: int
    rule: dict[str, Any] | None
    flow_id: str | None
    is_default: bool


class CascadePublished(msgspec.Struct, frozen=True, kw_only=True):
    """A revision became the one in force."""

    revision: int
    segments: list[PublishedSegment]
    flows: list[Flow]
    settings: dict[str, Any]


class AlertReason(msgspec.Struct, frozen=True, kw_only=True):
    """A condition that holds, by its variable and in words."""

    code: str
    es: str
    en: str


class AlertMessage(msgspec.Struct, frozen=True, kw_only=True):
    """The texts of a mail, by language, as the alert rule has them."""

    subject: dict[str, str]
    body: dict[str, str]


class AlertRaised(msgspec.Struct, frozen=True, kw_only=True):
    """An alert rule began to hold for a customer; ``message`` only where a mail is to be sent."""

    alert_id: str
    alert_rule: str
    action: Literal["notify", "call", "message"]
    customer_id: str
    as_of: date
    overdue_balance: Money
    reasons: list[AlertReason]
    message: AlertMessage | None = None


class AlertCleared(msgspec.Struct, frozen=True, kw_only=True):
    """What an alert was raised for holds no longer."""

    alert_id: str
    alert_rule: str
    customer_id: str
    as_of: date


class SegmenterProgress(msgspec.Struct, frozen=True, kw_only=True):
    """Told every few seconds: facts up to ``facts_through`` (business time) are in every customer's segment."""

    facts_through: datetime | None
    as_of: date
    revision: int
    refreshing: bool


EVENTS: dict[str, type[msgspec.Struct]] = {
    "segment.assigned": SegmentAssigned,
    "aging_bucket.changed": AgingBucketChanged,
    "risk_level.changed": RiskLevelChanged,
    "alert.raised": AlertRaised,
    "alert.cleared": AlertCleared,
    "cascade.published": CascadePublished,
    "segmenter.progress": SegmenterProgress,
}
"""The payload of each event type; others are ignored by hearers."""
