"""Stop calling a gateway that keeps failing, for a while; then try with one mail.

Nothing fails by that: what is due waits within its window. Only failures that say nothing about the mail count.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from services.statements.domain.sending import Answer

_FAILURES = 10
_LONGEST = 8


@dataclass(frozen=True)
class Breaker:
    """``first_pause`` and all moments are seconds of machine time; ``failures`` are consecutive ones."""

    first_pause: float
    failures: int = 0
    pauses: int = 0
    open_until: float = float("-inf")

    def allowance(self, now: float, wanted: int) -> int:
        """How many mails may be tried now: none while open, one after a pause, else all that are wanted."""
        if now < self.open_until:
            return 0
        return 1 if self.pauses else wanted

    def may_call(self, now: float, in_flight: int) -> bool:
        """Whether one more may be called: no more are in flight than failures are missing to open it."""
        return in_flight < self.allowance(now, _FAILURES - self.failures)

    def after(self, answers: Iterable[Answer], now: float) -> "Breaker":
        """The breaker once these answers came."""
        state = self
        for answer in answers:
            state = state._after(answer, now)
        return state

    def _after(self, answer: Answer, now: float) -> "Breaker":
        if not _is_failure(answer):
            return Breaker(self.first_pause)
        failures = self.failures + 1
        if failures < _FAILURES and not self.pauses:
            return replace(self, failures=failures)
        if now < self.open_until:
            return self
        pause = self.first_pause * min(2**self.pauses, _LONGEST)
        return Breaker(self.first_pause, failures=0, pauses=self.pauses + 1, open_until=now + pause)


def _is_failure(answer: Answer) -> bool:
    """Doubt, or no connection at all: a gateway that answers is alive, also when it says no."""
    return answer.kind == "doubt" or (answer.kind == "not_sent" and answer.status is None)
