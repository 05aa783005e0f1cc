"""Actualizar, as people ask for it: publish the draft and reassign everyone. The worker does it (``run_refresh``)."""

from dataclasses import dataclass

from services.segmenter.storage.drafts import lock_draft, segments_json
from services.segmenter.storage.refreshes import (
    Refresh,
    begin_refresh,
    cancel_refresh,
    load_refresh,
    refresh_under_way,
)
from services.segmenter.storage.settings_json import settings_json
from services.segmenter.usecases.edit_draft import Condition
from shared.basics.errors import Conflict, Missing
from shared.database.changes import Change, record
from shared.database.engine import Database, Transaction
from shared.runtime.clock import Clock
from shared.runtime.ids import new_id


@dataclass(frozen=True)
class RefreshCascade:
    """Begin a refresh, look at it, cancel it."""

    database: Database
    clock: Clock

    async def begin(self, condition: Condition, *, by: str) -> Refresh:
        """Ask, on behalf of ``by``, for a refresh of the draft as it is now; later edits are not in it.

        Raises
        ------
        Conflict
            One is under way; its id is in the answer.
        """
        async with self.database.transaction() as connection:
            draft = await lock_draft(connection)
            condition(draft)
            published = {"segments": segments_json(draft), "settings": settings_json(draft.settings)}
            refresh_id = await begin_refresh(connection, new_id(), published, by)
            if refresh_id is None:
                running = await refresh_under_way(connection)
                raise Conflict("refresh_running", "a refresh is under way", refresh_id=running)
            refresh = await _get(connection, refresh_id)
            await self._record(connection, refresh_id, None, refresh.state, by)
        return refresh

    async def read(self, refresh_id: str) -> Refresh:
        """How far a refresh is."""
        async with self.database.transaction() as connection:
            return await _get(connection, refresh_id)

    async def cancel(self, refresh_id: str, *, by: str) -> Refresh:
        """End, on behalf of ``by``, a refresh before it publishes.

        Raises
        ------
        Conflict
            It has published already, or ended otherwise.
        """
        async with self.database.transaction() as connection:
            if await cancel_refresh(connection, refresh_id):
                await self._record(connection, refresh_id, "preparing", "cancelled", by)
            refresh = await _get(connection, refresh_id)
        if refresh.state != "cancelled":
            raise Conflict("already_published", f"the refresh is {refresh.state}; it can no longer be cancelled")
        return refresh

    async def _record(self, connection: Transaction, refresh_id: str, before: str | None, after: str, by: str) -> None:
        change = Change(f"refreshes/{refresh_id}", before and {"state": before}, {"state": after})
        await record(connection, [change], by=by, at=self.clock.now())


async def _get(connection: Transaction, refresh_id: str) -> Refresh:
    found = await load_refresh(connection, refresh_id)
    if found is None:
        raise Missing("unknown_refresh", f"there is no refresh {refresh_id}")
    return found
