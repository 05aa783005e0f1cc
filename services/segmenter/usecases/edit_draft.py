"""Edit the draft of the cascade: whoever edits says which version they saw, and edits follow one another.

Nothing reaches a customer before a refresh publishes it (``refresh_cascade``).
"""

from collections.abc import Callable
from dataclasses import dataclass

from services.segmenter.domain.draft import Draft, change_settings
from services.segmenter.domain.draft import DraftSegment as Segment
from services.segmenter.domain.settings import RISK_SCORE
from services.segmenter.storage.declared import load_declared
from services.segmenter.storage.draft_changes import draft_changes
from services.segmenter.storage.drafts import keep_draft, load_draft, lock_draft, published_draft, revision_draft
from services.segmenter.storage.flows import hold_flows
from shared.basics.errors import mistake
from shared.database.changes import record
from shared.database.engine import Database, Transaction
from shared.runtime.clock import Clock

Condition = Callable[[Draft], None]
"""Raises when the draft is not the one the editor saw."""
Edit = Callable[[Draft], Draft]
"""Takes a draft and gives another; raises when it cannot be so."""


@dataclass(frozen=True)
class Edited:
    """The draft before an edit and after it."""

    before: Draft
    after: Draft


@dataclass(frozen=True)
class EditDraft:
    """One edit, in a transaction of its own."""

    database: Database
    clock: Clock

    async def __call__(self, edit: Edit, condition: Condition, *, by: str) -> Edited:
        """Edit on behalf of ``by``; an edit that changes nothing leaves the version as it is.

        Raises
        ------
        BadInput
            A segment points to a flow that there is not, or risk is read from a variable that is no number.
        """
        async with self.database.transaction() as connection:
            draft = await lock_draft(connection)
            condition(draft)
            edited = edit(draft)
            await _check_flows(connection, draft, edited, "/flow_id")
            await _check_score(connection, draft, edited)
            if edited.says_the_same(draft):
                return Edited(draft, draft)
            await self._keep(connection, draft, edited, by)
        return Edited(draft, edited)

    async def read(self) -> Draft:
        """The draft as it is now."""
        async with self.database.transaction() as connection:
            return await load_draft(connection)

    async def discard(self, condition: Condition, *, by: str) -> Draft:
        """Make the draft what is published."""
        async with self.database.transaction() as connection:
            draft = await lock_draft(connection)
            condition(draft)
            return await self._replace(connection, draft, await published_draft(connection, draft.version), by)

    async def restore(self, revision: int, condition: Condition, *, by: str) -> Draft:
        """Make the draft what a revision published; it still has to be refreshed.

        Raises
        ------
        BadInput
            There was no such revision, or a flow that it points to is gone.
        """
        async with self.database.transaction() as connection:
            draft = await lock_draft(connection)
            condition(draft)
            restored = await revision_draft(connection, revision, draft.version)
            if restored is None:
                raise mistake("/revision", "unknown_revision", f"there is no revision {revision}")
            await _check_flows(connection, draft, restored, "/revision")
            return await self._replace(connection, draft, restored, by)

    async def _replace(self, connection: Transaction, draft: Draft, wanted: Draft, by: str) -> Draft:
        if wanted == draft:
            return draft
        edited = change_settings(wanted, wanted.settings)
        await self._keep(connection, draft, edited, by)
        return edited

    async def _keep(self, connection: Transaction, before: Draft, after: Draft, by: str) -> None:
        await keep_draft(connection, after)
        await record(connection, draft_changes(before, after), by=by, at=self.clock.now())


async def _check_flows(connection: Transaction, before: Draft, after: Draft, pointer: str) -> None:
    named = _flows(after.segments) - _flows(before.segments)
    missing = named - await hold_flows(connection, named) if named else set()
    if missing:
        raise mistake(pointer, "unknown_flow", f"there is no flow {min(missing)}")


async def _check_score(connection: Transaction, before: Draft, after: Draft) -> None:
    score = after.settings.risk.score
    if score is None or score == before.settings.risk.score or score.variable == RISK_SCORE:
        return
    declared = (await load_declared(connection)).get(score.variable)
    if declared is None or declared.type != "number":
        detail = f"{score.variable} is neither {RISK_SCORE} nor a custom number"
        raise mistake("/risk/score/variable", "unknown_variable", detail)


def _flows(segments: tuple[Segment, ...]) -> set[str]:
    return {segment.flow_id for segment in segments if segment.flow_id is not None}
