"""Entity tags: who edits a thing says which version they saw."""

import hashlib
import json
from typing import Any

from shared.basics.errors import Stale, VersionRequired


def etag(*parts: Any) -> str:
    """A strong tag of a version, from values that change whenever it does."""
    digest = hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
    return f'"{digest[:32]}"'


def require_match(given: str | None, current: str) -> None:
    """Let an edit pass only when the caller saw the current version.

    Raises
    ------
    VersionRequired
        No ``If-Match`` was sent (428).
    Stale
        It names another version (412).
    """
    if given is None:
        raise VersionRequired("if_match_required", "send the ETag you read as If-Match")
    check_match(given, current)


def check_match(given: str | None, current: str) -> None:
    """Where ``If-Match`` is optional: refuse only one that was sent and is stale."""
    if given is not None and given.strip() != "*" and current not in [tag.strip() for tag in given.split(",")]:
        raise Stale("stale", "it was changed since you read it; read it again", current=current)


def create_only(if_none_match: str | None, *, exists: bool) -> None:
    """``If-None-Match: *``: the write may only create."""
    if exists and if_none_match is not None and if_none_match.strip() == "*":
        raise Stale("already_exists", "it exists already and If-None-Match: * was sent")
