"""Preconditions of writes: ``If-Match``, the version the caller saw, and ``If-None-Match: *``, to create only.

Each service adds what its things demand (``inbound/http/preconditions.py``). Versions are entity tags (``etags``).
"""

from dataclasses import dataclass

from shared.basics.errors import Stale
from shared.http.etags import check_match, create_only, require_match


@dataclass(frozen=True)
class Preconditions:
    """Both headers as sent. ``current`` is the ETag of what is stored, None where nothing is."""

    if_match: str | None = None
    if_none_match: str | None = None

    def check(self, current: str | None) -> None:
        """Where both are optional: refuse (412) only what was sent and does not hold."""
        create_only(self.if_none_match, exists=current is not None)
        if current is not None:
            check_match(self.if_match, current)
        elif self.if_match is not None:
            raise Stale("stale", "there is nothing yet that If-Match could match")

    def require(self, current: str | None) -> None:
        """The same, but what is stored changes only for who names its version (428 for who names none)."""
        self.check(current)
        if current is not None:
            require_match(self.if_match, current)
