"""Why a customer of a run's audience gets nothing: the first reason that applies. Source: meaning.md 44."""

from dataclasses import dataclass
from typing import Literal

from services.statements.domain.addresses import NoMailReason

SkipReason = Literal[
    "nothing_to_state",
    "not_reconciled",
    "paid",
    "left_audience",
    "paused",
    "contacted_recently",
    "suppressed",
    "placeholder_address",
    "no_address",
    "ledger_behind",
    "too_late",
    "rule_deactivated",
    "rule_deleted",
    "run_cancelled",
    "erased",
]
StopReason = Literal["rule_deactivated", "rule_deleted", "run_cancelled"]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What the last reading before rendering found of a customer."""

    says_something: bool
    said_something: bool
    """At planning."""
    skip_when_empty: bool
    reconciles: bool
    is_in_audience: bool
    is_paused: bool
    was_contacted: bool
    no_mail: NoMailReason | None
    is_behind: bool
    is_too_late: bool
    stopped: StopReason | None


def why_skip(reading: Reading) -> SkipReason | None:
    """The reason not to send, None to send."""
    is_empty = not reading.says_something
    reasons: list[tuple[bool, SkipReason | None]] = [
        (is_empty and not reading.said_something and reading.skip_when_empty, "nothing_to_state"),
        (not reading.reconciles, "not_reconciled"),
        (is_empty and reading.said_something, "paid"),
        (not reading.is_in_audience, "left_audience"),
        (reading.is_paused, "paused"),
        (reading.was_contacted, "contacted_recently"),
        (reading.no_mail is not None, reading.no_mail),
        (reading.is_behind, "ledger_behind"),
        (reading.is_too_late, "too_late"),
        (reading.stopped is not None, reading.stopped),
    ]
    return next((reason for applies, reason in reasons if applies), None)
