"""A statement rule: when it is due, what its statements hold, and who gets them. Source: contract.md, *statements*."""

import datetime as dt
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from services.statements.domain.aging import Edges, bucket_names
from services.statements.domain.contact_windows import ContactWindow

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Status = Literal["active", "inactive"]

NOT_LATE = timedelta(seconds=60)


@dataclass(frozen=True, kw_only=True)
class Frequency:
    """``weekly`` on ``weekdays`` (names of WEEKDAYS), or ``monthly`` on ``day`` (1 to 31)."""

    type: Literal["weekly", "monthly"]
    weekdays: tuple[str, ...] = ()
    day: int | None = None


@dataclass(frozen=True, kw_only=True)
class Content:
    """``full`` with a period of ``paid_within_days``, or ``overdue`` from ``min_days_overdue`` on."""

    type: Literal["full", "overdue"]
    paid_within_days: int | None = None
    min_days_overdue: int | None = None


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Each part is one-of, parts are joined by AND, an empty part restricts nothing.

    ``where`` is a rule in the segmenter's language, as it was given: only the segmenter reads it.
    """

    segment_ids: tuple[str, ...] = ()
    customer_types: tuple[str, ...] = ()
    aging_buckets: tuple[str, ...] = ()
    where: dict[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a rule says. ``time`` and ``send_until`` are wall times in ``time_zone``; active dates are local there."""

    name: str
    frequency: Frequency
    time: dt.time
    time_zone: str
    content: Content
    audience: Audience = Audience()
    skip_when_empty: bool = True
    attach_pdf: bool = True
    catch_up_hours: int = 6
    send_until: dt.time | None = None
    min_days_between_contacts: int = 0
    contact_window: ContactWindow | None = None
    active_from: date | None = None
    active_until: date | None = None
    status: Status = "inactive"

    @property
    def catch_up(self) -> timedelta:
        """How long after its instant a period may still be sent; noticed within a minute is not late."""
        return max(timedelta(hours=self.catch_up_hours), NOT_LATE)

    def names_what_vanished(self, segment_ids: frozenset[str] | None, edges: Edges) -> bool:
        """Whether its audience names a segment or a bucket that the published cascade lacks (None: none known yet)."""
        if segment_ids is None:
            return False
        named, buckets = set(self.audience.segment_ids), set(self.audience.aging_buckets)
        return not (named <= segment_ids and buckets.issubset(bucket_names(edges)))
