"""What becomes of one mail to one address: the states of the send ledger, and what an answer of the gateway means.

Not sent for certain → again after a while. Ambiguous → ``unknown``, repeated only where the gateway recognises the key
of a mail it already has, and never later than its memory of keys. Source: meaning.md 46; architecture decision 11.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

State = Literal[
    "planned",
    "sending",
    "retry_wait",
    "accepted",
    "delivered",
    "bounced",
    "complained",
    "failed",
    "unknown",
    "skipped",
]
AnswerKind = Literal["accepted", "not_sent", "rejected", "doubt"]
DoubtReason = Literal["timeout", "server_error", "lease_lost"]
GatewayNews = Literal["delivered", "bounced", "complained"]
Verdict = Literal["sent", "not_sent"]

_REPEAT_WITHIN = timedelta(hours=23)

_LONGEST_PAUSE = 900.0
_GETS_THERE = {"accepted": 1, "delivered": 2, "bounced": 3, "complained": 3}
"""How far a mail the gateway took has got; no state ever goes back."""


@dataclass(frozen=True)
class Answer:
    """What a call of the gateway told: ``status`` of HTTP if any, ``retry_after`` in seconds if it was asked for."""

    kind: AnswerKind
    status: int | None = None
    reason: DoubtReason | None = None
    retry_after: float = 0.0


@dataclass(frozen=True)
class Try:
    """One attempt: the how-manieth it is, the doubt an earlier one left, the mail's age since its first attempt.

    ``window_is_over``: the rule's catch-up window has ended, so nothing new is tried.
    """

    number: int
    doubt: str | None
    age: timedelta
    window_is_over: bool


@dataclass(frozen=True)
class Policy:
    """``honours_keys``: a repeat with the same key cannot be a second mail. ``first_pause`` in seconds."""

    honours_keys: bool
    first_pause: float


@dataclass(frozen=True)
class Outcome:
    """The address's state after an attempt; ``again_in`` seconds, None if it is not tried any more."""

    state: State
    reason: str | None = None
    again_in: float | None = None


def judge_answer(answer: Answer, tried: Try, policy: Policy, jitter: float) -> Outcome:
    """What an answer means. ``jitter`` (0 to 1) spreads the pauses of many mails."""
    if answer.kind == "accepted":
        return Outcome("accepted")
    if answer.kind == "rejected":
        return Outcome("failed", "rejected")
    pause = max(answer.retry_after, _pause(tried.number, policy.first_pause) * (1 + jitter / 4))
    if answer.kind == "doubt" or tried.doubt:
        may_repeat = policy.honours_keys and tried.age + timedelta(seconds=pause) < _REPEAT_WITHIN
        return Outcome("unknown", answer.reason or tried.doubt, pause if may_repeat else None)
    if tried.window_is_over:
        return Outcome("failed", "gave_up")
    return Outcome("retry_wait", None, pause)


def _pause(number: int, first: float) -> float:
    """1, 2, 4, 8… times the first."""
    return min(first * 2.0 ** min(number - 1, 20), max(_LONGEST_PAUSE, first))


def without_mail(outcome: Outcome) -> Outcome:
    """What an outcome comes to when the customer was erased during the call: nothing is left to repeat."""
    if outcome.state == "retry_wait":
        return Outcome("skipped", "erased")
    return replace(outcome, again_in=None)


def after_news(state: State, news: GatewayNews) -> State:
    """The state of an address after the gateway told what became of its mail."""
    return news if _GETS_THERE[news] > _GETS_THERE.get(state, 0) else state


def resolve(verdict: Verdict, *, window_is_over: bool, can_send: bool) -> Outcome:
    """What an address in doubt becomes when a person says whether its mail was sent."""
    if verdict == "sent":
        return Outcome("accepted")
    if window_is_over or not can_send:
        return Outcome("failed", "gave_up")
    return Outcome("retry_wait", None, 0.0)


def after_attempt(state: State, outcome: Outcome, *, is_mine: bool) -> Outcome | None:
    """What an attempt's outcome changes about an address that is now in ``state``; None if nothing.

    News of the gateway may have overtaken the answer, or (not ``is_mine``) another attempt after a lost lease.
    """
    if state in _GETS_THERE or not (is_mine or outcome.state == "accepted"):
        return None
    return outcome


def roll_up(addresses: list[tuple[State, str | None]]) -> tuple[State, str | None]:
    """The state of a delivery from its addresses' (state, reason): in progress while any is, else unknown if any is,
    else as the best one did. Skipped ones count only when there is nothing else.
    """
    states = dict(reversed(addresses))
    order: tuple[State, ...] = (
        "sending",
        "retry_wait",
        "planned",
        "unknown",
        "delivered",
        "accepted",
        "complained",
        "bounced",
        "failed",
        "skipped",
    )
    best = next(state for state in order if state in states)
    return best, states[best]
