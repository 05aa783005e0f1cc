"""Preconditions of changes: a rule that is there changes only for who says which version they saw."""

from typing import Annotated

from fastapi import Depends, Header

from services.statements.domain.rule import Rule
from services.statements.storage.rules import StoredRule
from shared.http import preconditions
from shared.http.etags import check_match, etag, require_match


def version_of(stored: StoredRule) -> str:
    """The ETag of a rule: another one after every change."""
    return etag(stored.rule_id, stored.version)


class Preconditions(preconditions.Preconditions):
    """What each change of a rule demands of both headers."""

    def check_put(self, stored: StoredRule | None, wanted: Rule) -> None:
        """Refuse a replacement without ``If-Match`` (428) or with a stale one (412); a repeat needs none."""
        if stored is not None and stored.rule != wanted:
            self.require(version_of(stored))
        else:
            self.check(None if stored is None else version_of(stored))

    def check_delete(self, stored: StoredRule | None) -> None:
        """Refuse to delete without ``If-Match`` (428) or with a stale one (412)."""
        if stored:
            require_match(self.if_match, version_of(stored))

    def check_action(self, stored: StoredRule | None) -> None:
        """Refuse only an ``If-Match`` that was sent and is stale: actions say all there is to say."""
        if stored:
            check_match(self.if_match, version_of(stored))


async def _preconditions(
    if_match: Annotated[str | None, Header()] = None, if_none_match: Annotated[str | None, Header()] = None
) -> Preconditions:
    return Preconditions(if_match, if_none_match)


Conditions = Annotated[Preconditions, Depends(_preconditions)]
