"""Preconditions of edits: which version the editor saw."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

from fastapi import Depends, Header

from services.segmenter.domain.alert_rules import AlertRule
from services.segmenter.domain.cascade import Flow
from services.segmenter.domain.draft import Draft, DraftSegment
from services.segmenter.domain.webhooks import Webhook
from shared.http import preconditions
from shared.http.etags import check_match, create_only, etag, require_match


def draft_version(draft: Draft) -> str:
    """The ETag of the whole draft: every edit changes it."""
    return etag("draft", draft.version)


def version_of(thing: DraftSegment | Flow | AlertRule) -> str:
    """The ETag of one segment, flow or alert rule: another one whenever its content differs."""
    return etag(type(thing).__name__, asdict(thing))


def version_of_webhook(webhook: Webhook) -> str:
    """The ETag of a webhook; nothing of its secret goes into it."""
    return etag("webhook", webhook.version)


class Preconditions(preconditions.Preconditions):
    """What each thing that is edited demands of both headers."""

    def of_draft(self, draft: Draft) -> None:
        """The whole draft is edited, so its version must be named."""
        require_match(self.if_match, draft_version(draft))

    def of_draft_if_sent(self, draft: Draft) -> None:
        """The draft is given up for another: the version seen may be named."""
        check_match(self.if_match, draft_version(draft))

    def of_segment(self, segment_id: str, wanted: DraftSegment | None) -> Callable[[Draft], None]:
        """One segment is replaced by ``wanted``, or deleted (None): its version must be named if it is there.

        What is there just so may be sent again without a version.
        """

        def check(draft: Draft) -> None:
            stored = draft.find(segment_id)
            if stored is not None and stored == wanted:
                create_only(self.if_none_match, exists=True)
            else:
                self.require(None if stored is None else version_of(stored))

        return check

    def of_flow(self, stored: Flow | None) -> None:
        """Both are optional for flows."""
        self.check(None if stored is None else version_of(stored))

    def of_alert_rule(self, stored: AlertRule | None) -> None:
        """Both are optional for alert rules."""
        self.check(None if stored is None else version_of(stored))

    def of_webhook(self, stored: Webhook | None) -> None:
        """Both are optional for webhooks."""
        self.check(None if stored is None else version_of_webhook(stored))


async def _preconditions(
    if_match: Annotated[str | None, Header()] = None, if_none_match: Annotated[str | None, Header()] = None
) -> Preconditions:
    return Preconditions(if_match, if_none_match)


Conditions = Annotated[Preconditions, Depends(_preconditions)]
