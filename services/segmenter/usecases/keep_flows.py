"""Create, change, read and delete communication flows. One that a segment points to cannot be deleted."""

from collections.abc import Callable
from dataclasses import dataclass

from services.segmenter.domain.cascade import Flow
from services.segmenter.storage.drafts import lock_draft
from services.segmenter.storage.flows import delete_flow, keep_flow, load_flows, lock_flow, page_flows
from services.segmenter.storage.refreshes import segments_about_to_point_to
from services.segmenter.storage.revisions import hold_published, load_published
from shared.basics.errors import Conflict, Missing
from shared.database.changes import Change, record
from shared.database.engine import Database, Transaction
from shared.runtime.clock import Clock

Condition = Callable[[Flow | None], None]
"""Raises when the stored flow is not the one the caller expects."""


@dataclass(frozen=True)
class KeepFlows:
    """Flows by id."""

    database: Database
    clock: Clock

    async def put(self, flow: Flow, condition: Condition, *, by: str) -> bool:
        """Create or replace a flow; whether it is new."""
        async with self.database.transaction() as connection:
            stored = await lock_flow(connection, flow.flow_id)
            condition(stored)
            if stored != flow:
                await keep_flow(connection, flow)
                await self._record(connection, Change(f"flows/{flow.flow_id}", stored, flow), by)
        return stored is None

    async def get(self, flow_id: str) -> Flow:
        """One flow."""
        async with self.database.transaction() as connection:
            found = (await load_flows(connection)).get(flow_id)
        if found is None:
            raise Missing("unknown_flow", f"there is no flow {flow_id}")
        return found

    async def page(self, after: str, limit: int) -> list[Flow]:
        """Flows in order of id."""
        async with self.database.transaction() as connection:
            return await page_flows(connection, after, limit)

    async def delete(self, flow_id: str, condition: Condition, *, by: str) -> None:
        """Delete a flow.

        Raises
        ------
        Conflict
            A segment of the draft, of a refresh under way or of the published cascade points to it.
        """
        async with self.database.transaction() as connection:
            draft = await lock_draft(connection)
            stored = await lock_flow(connection, flow_id)
            if stored is None:
                raise Missing("unknown_flow", f"there is no flow {flow_id}")
            condition(stored)
            users = [
                *(f"draft segment {s.segment_id}" for s in draft.segments if s.flow_id == flow_id),
                *(f"refreshing segment {s}" for s in await segments_about_to_point_to(connection, flow_id)),
                *await _publishers(connection, flow_id),
            ]
            if users:
                raise Conflict("flow_in_use", f"used by {', '.join(users)}", used_by=users)
            await delete_flow(connection, flow_id)
            await self._record(connection, Change(f"flows/{flow_id}", stored, None), by)

    async def _record(self, connection: Transaction, change: Change, by: str) -> None:
        await record(connection, [change], by=by, at=self.clock.now())


async def _publishers(connection: Transaction, flow_id: str) -> list[str]:
    await hold_published(connection)
    cascade = await load_published(connection)
    return [f"segment {s.segment_id}" for s in cascade.segments if s.flow_id == flow_id]
