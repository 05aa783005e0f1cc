"""Wall times turned into instants, in zones whose clocks jump. Source: meaning.md 40."""

from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Jump = Literal["dst_gap", "dst_fold"]

_SECOND = timedelta(seconds=1)


def first_instant(wanted: datetime, where: ZoneInfo) -> tuple[datetime, Jump | None]:
    """The first instant (UTC) at which the wall clock there shows ``wanted`` (naive) or later, and any shift."""
    first = wanted.replace(tzinfo=where, fold=0).astimezone(UTC)
    second = wanted.replace(tzinfo=where, fold=1).astimezone(UTC)
    if _wall(first, where) != wanted:
        return _end_of_gap(wanted, where, second, first), "dst_gap"
    return first, "dst_fold" if second != first else None


def _end_of_gap(wanted: datetime, where: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The instant of the jump over ``wanted``; it is later than ``before`` and not later than ``after``."""
    while after - before > _SECOND:
        middle = before + timedelta(seconds=(after - before) // _SECOND // 2)
        if _wall(middle, where) >= wanted:
            after = middle
        else:
            before = middle
    return after


def _wall(instant: datetime, where: ZoneInfo) -> datetime:
    return instant.astimezone(where).replace(tzinfo=None)
