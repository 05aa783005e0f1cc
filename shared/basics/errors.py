"""Errors say their kind: the caller's, worth retrying, or (anything else) our bug.

Domain and use cases raise these; ``shared.http.problems`` turns kinds into statuses and
``shared.messaging.consumer`` into retries or quarantine.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mistake:
    """One thing wrong in an input: where (JSON pointer from the body's root), which, and in words."""

    pointer: str
    code: str
    detail: str


class KnownError(Exception):
    """An error with a stable snake_case ``code``, a sentence for people and facts for the answer's body."""

    def __init__(self, code: str, detail: str, **facts: Any) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.facts = facts


class BadInput(KnownError):
    """The content cannot be accepted as it is; every mistake is named."""

    def __init__(self, *mistakes: Mistake) -> None:
        super().__init__(mistakes[0].code, mistakes[0].detail)
        self.mistakes = mistakes


class Malformed(KnownError):
    """The bytes are not what the content type says."""


class Unauthenticated(KnownError):
    """No key, or one nobody knows."""


class Forbidden(KnownError):
    """A known caller that may not do this."""


class RateLimited(KnownError):
    """Too many requests of one caller; ``retry_after_seconds`` is how long to wait."""

    def __init__(self, retry_after_seconds: int) -> None:
        detail = f"too many requests; wait {retry_after_seconds} s"
        super().__init__("rate_limited", detail, retry_after_seconds=retry_after_seconds)


class Missing(KnownError):
    """What the caller names is not here."""


class Gone(KnownError):
    """What the caller names was here and will never be again."""


class Conflict(KnownError):
    """The request contradicts what is stored."""


class Stale(KnownError):
    """The caller's ``If-Match`` is not the current version."""


class VersionRequired(KnownError):
    """Changing this needs an ``If-Match``."""


class TooLarge(KnownError):
    """The body is over the limit."""


class Unavailable(KnownError):
    """A part we need is away; the same request may be repeated later."""


def mistake(pointer: str, code: str, detail: str) -> BadInput:
    """The common case of a single mistake, ready to raise."""
    return BadInput(Mistake(pointer, code, detail))
